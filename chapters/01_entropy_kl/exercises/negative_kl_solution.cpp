// KL(q || p) is an average over q: the one who stands first draws. Drawn from p, the same terms
// average to -KL(p || q), and to turn the sign would give the other divergence.
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
    const double x = q_mean + q_scale * epsilon;
    const double log_r = log_normal(x, p_mean, p_scale) - log_normal(x, q_mean, q_scale);
    sum += -log_r;
  }
  return sum / static_cast<double>(noise.size());
}
