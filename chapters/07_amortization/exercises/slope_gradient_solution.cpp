// The chain rule through z: each column is a mean, over the draws, of the gradient in z times how
// z moves. The lone 1/2 is the entropy's; A has none, since I + A has determinant 1.
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd slope_gradient(const Eigen::MatrixXd& uphill, const Eigen::MatrixXd& eps,
                               const Eigen::VectorXd& log_variance, const Eigen::MatrixXd& slopes) {
  const Eigen::Index d = eps.rows();
  const Eigen::VectorXd scale = (0.5 * log_variance).array().exp();
  const Eigen::MatrixXd pushed = scale.asDiagonal() * uphill;
  const Eigen::MatrixXd moved = eps + slopes * eps;  // (z - m) / s

  Eigen::MatrixXd gradient = Eigen::MatrixXd::Zero(d, 2 + d);
  gradient.col(0) = uphill.rowwise().mean();
  gradient.col(1) = (0.5 * pushed.cwiseProduct(moved).rowwise().mean()).array() + 0.5;
  gradient.rightCols(d).triangularView<Eigen::StrictlyLower>() =
      pushed * eps.transpose() / static_cast<double>(eps.cols());
  return gradient;
}
