// log p - log(1 - p) is the logit and log(1 - p) is -softplus, so p itself is never needed; and the
// exponent inside softplus is never positive.
#include <Eigen/Core>

Eigen::RowVectorXd bernoulli_from_logits(const Eigen::MatrixXd& x, const Eigen::MatrixXd& logits) {
  const Eigen::ArrayXXd a = logits;
  const Eigen::ArrayXXd softplus = a.max(0) + (-a.abs()).exp().log1p();
  return (x.array() * a - softplus).colwise().sum();
}
