// The scale of the noise is the root of the variance, and the divergence charges for that scale.
#include <Eigen/Core>
#include <cmath>

Eigen::RowVectorXd one_draw_bound(const Eigen::MatrixXd& x, const Eigen::MatrixXd& mean,
                                  const Eigen::MatrixXd& log_variance, const Eigen::MatrixXd& eps,
                                  const Eigen::MatrixXd& weights) {
  const Eigen::ArrayXXd m = mean, l = log_variance;
  const Eigen::ArrayXXd noise = (0.5 * l).exp() * eps.array();
  const Eigen::ArrayXXd logits = weights * (m + noise).matrix();
  const Eigen::ArrayXXd softplus = logits.max(0) + (1 + (-logits.abs()).exp()).log();
  const Eigen::RowVectorXd reconstruction = (x.array() * logits - softplus).colwise().sum();
  const Eigen::RowVectorXd divergence = 0.5 * (l.exp() + m.square() - 1 - l).colwise().sum();
  return reconstruction - divergence;
}
