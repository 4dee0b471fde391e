// A layer loses 1/2 (r - 1 - log r), where r = V_{t-1} / V_t and V_t is the variance of x_t. The
// sum of log r is fixed by the two ends, and the loss is convex in it: equal shares lose least.
#include <Eigen/Core>
#include <cmath>

Eigen::VectorXd own_schedule(int layers, double mean, double scale) {
  const double in_the_end = 1e-3 / (1 + mean * mean);  // alpha_bar_T: hardly anything
  const double data = scale * scale, end = data * in_the_end + 1 - in_the_end;
  Eigen::VectorXd beta(layers);
  double kept = 1;
  for (int t = 1; t <= layers; ++t) {
    const double variance = data * std::pow(end / data, static_cast<double>(t) / layers);
    const bool standard = std::abs(data - 1) < 1e-9;  // V_t is 1 in any schedule
    const double next = standard ? std::pow(in_the_end, static_cast<double>(t) / layers)
                                 : (variance - 1) / (data - 1);
    beta(t - 1) = 1 - next / kept;
    kept = next;
  }
  return beta;
}
