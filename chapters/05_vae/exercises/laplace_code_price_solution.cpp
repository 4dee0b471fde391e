// E_q[-log p] less the entropy of q. The prior asks only for the average of |z|, which a mean far
// from 0 makes |mean| and a mean at 0 makes s sqrt(2/pi).
#include <Eigen/Core>
#include <cmath>
#include <numbers>

namespace {

double price(double mean, double log_variance) {
  const double scale = std::exp(log_variance / 2), far = mean / (scale * std::numbers::sqrt2);
  const double distance =
      scale * std::sqrt(2 / std::numbers::pi) * std::exp(-far * far) + mean * std::erf(far);
  const double entropy = 0.5 * (1 + std::log(2 * std::numbers::pi) + log_variance);
  return std::numbers::ln2 + distance - entropy;
}

}  // namespace

Eigen::RowVectorXd laplace_code_price(const Eigen::MatrixXd& mean,
                                      const Eigen::MatrixXd& log_variance) {
  return mean.binaryExpr(log_variance, &price).colwise().sum();
}
