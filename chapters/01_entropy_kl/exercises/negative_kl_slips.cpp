// Mends of the symptom.
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "slip.hpp"

namespace {

double log_normal(double x, double mean, double scale) {
  return -0.5 * (x - mean) * (x - mean) / (scale * scale) - std::log(scale);
}

}  // namespace

double estimated_kl(double q_mean, double q_scale, double p_mean, double p_scale,
                    const Eigen::VectorXd& noise) {
  const int s = slip();
  double sum = 0;
  for (const double epsilon : noise) {
    const double x =
        (s >= 5 ? q_mean : p_mean) + (s == 6 ? q_scale : p_scale) * epsilon;  // 5: half of each
    const double log_r = log_normal(x, p_mean, p_scale) - log_normal(x, q_mean, q_scale);
    switch (s) {
      case 1:  // the sign turned
        sum += log_r;
        break;
      case 2:  // no term negative
        sum += std::abs(log_r);
        break;
      case 4:  // k3, with the draws of before
        sum += std::expm1(log_r) - log_r;
        break;
      case 6:  // k2
        sum += 0.5 * log_r * log_r;
        break;
      default:
        sum += -log_r;
        break;
    }
  }
  const double mean = sum / static_cast<double>(noise.size());
  return s == 3 ? std::max(0.0, mean) : mean;  // 3: cut off at 0
}
