// L_k moves with a log weight by that draw's share of the weight; log q of a draw, as a function of
// its noise, is -log_scale and a constant.
#include <Eigen/Core>
#include <cmath>

Eigen::Vector2d bound_gradient_by_shares(double x, double mean, double log_scale,
                                         const Eigen::VectorXd& eps) {
  const Eigen::ArrayXd noise = std::exp(log_scale) * eps.array(), z = mean + noise;
  const Eigen::ArrayXd log_w = 0.5 * (eps.array().square() - z.square() - (x - 2 * z).square());
  Eigen::ArrayXd share = (log_w - log_w.maxCoeff()).exp();
  share /= share.sum();
  const Eigen::ArrayXd along_z = 2 * (x - 2 * z) - z;
  return {(share * along_z).sum(), (share * (along_z * noise + 1)).sum()};
}
