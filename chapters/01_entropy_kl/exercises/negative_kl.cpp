// An estimate of KL(q || p) for two normals on the line, in nats: the mean over draws x of
//
//   k1 = -log r, where r = p(x) / q(x)                                           eq:kl-estimator-k1
//
// Each normal is given by its mean and its scale, the standard deviation. There is one draw for
// each standard normal number in `noise`.
//
// It was tried on q = N(0, 1) and p = N(1, 1), whose divergence is 1/2, and printed -0.5. A single
// k1 may be negative, but this was the mean of a hundred thousand. One line is wrong. Mend the
// cause; a number that has become positive need not be the right one.
#include <Eigen/Core>
#include <cmath>
#include <numbers>

namespace {

double log_normal(double x, double mean, double scale) {
  const double standardized = (x - mean) / scale;
  return -0.5 * standardized * standardized - std::log(scale) -
         0.5 * std::log(2 * std::numbers::pi);
}

}  // namespace

double estimated_kl(double q_mean, double q_scale, double p_mean, double p_scale,
                    const Eigen::VectorXd& noise) {
  double sum = 0;
  for (const double epsilon : noise) {
    const double x = p_mean + p_scale * epsilon;
    const double log_r = log_normal(x, p_mean, p_scale) - log_normal(x, q_mean, q_scale);
    sum += -log_r;
  }
  return sum / static_cast<double>(noise.size());
}
