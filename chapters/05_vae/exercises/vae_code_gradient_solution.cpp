// g = dJ/dz begins with the residual; the sample splits it between mean and log-variance, and the
// KL adds its own slope to each.
#include <Eigen/Core>

Eigen::MatrixXd vae_code_gradient(const Eigen::MatrixXd& x, const Eigen::MatrixXd& W,
                                  const Eigen::VectorXd& b, const Eigen::MatrixXd& mean,
                                  const Eigen::MatrixXd& log_variance, const Eigen::MatrixXd& eps) {
  const Eigen::ArrayXXd scale = (0.5 * log_variance.array()).exp();
  const Eigen::MatrixXd z = mean.array() + scale * eps.array();
  const Eigen::ArrayXXd logits = (W * z).colwise() + b;
  const Eigen::ArrayXXd expected = 1 / (1 + (-logits).exp());
  const Eigen::MatrixXd g = W.transpose() * (expected - x.array()).matrix();

  Eigen::MatrixXd gradient(2 * mean.rows(), mean.cols());
  gradient << g + mean, 0.5 * (g.array() * scale * eps.array() + scale.square() - 1);
  return gradient;
}
