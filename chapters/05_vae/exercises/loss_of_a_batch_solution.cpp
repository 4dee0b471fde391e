// colwise().sum() gives one number a column, which is a picture; rowwise() gave one a row, and its
// mean divided by d where n was due.
#include <Eigen/Core>

double loss_of_a_batch(const Eigen::MatrixXd& x, const Eigen::MatrixXd& logits,
                       const Eigen::MatrixXd& mean, const Eigen::MatrixXd& log_variance) {
  const Eigen::ArrayXXd a = logits;
  const Eigen::ArrayXXd softplus = a.max(0) + (-a.abs()).exp().log1p();
  const double reconstruction = (x.array() * a - softplus).colwise().sum().mean();

  const Eigen::ArrayXXd m = mean, v = log_variance;
  const double kl = (0.5 * (m.square() + v.exp() - 1 - v)).colwise().sum().mean();

  return kl - reconstruction;
}
