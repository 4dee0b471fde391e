// All randomness is in u, which knows no logit, and everything after it is smooth. The price: f is
// asked about points between the faces, where it has never been.
#include <Eigen/Core>

Eigen::MatrixXd gumbel_softmax(const Eigen::MatrixXd& logits, const Eigen::MatrixXd& u,
                               double temperature) {
  const Eigen::MatrixXd gumbel = -(-u.array().log()).log();
  const Eigen::MatrixXd height = (logits + gumbel) / temperature;
  const Eigen::RowVectorXd top = height.colwise().maxCoeff();
  const Eigen::MatrixXd weight = (height.rowwise() - top).array().exp();
  return weight * weight.colwise().sum().cwiseInverse().asDiagonal();
}
