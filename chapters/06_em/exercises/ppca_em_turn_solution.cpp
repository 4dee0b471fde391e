// The mean of a square is the square of the mean plus the variance: each of the n codes is only
// known up to sigma^2 M^-1. Without it, q is a point, the floor is not the posterior's, and nothing
// stops W.
#include <Eigen/Cholesky>
#include <Eigen/Core>

void ppca_em_turn(const Eigen::MatrixXd& x, Eigen::MatrixXd& weight, double& noise_variance) {
  const Eigen::Index d = weight.cols();
  const Eigen::MatrixXd ridge = noise_variance * Eigen::MatrixXd::Identity(d, d);

  // E-step: the codes of the samples, and the sum of their squares.
  const Eigen::MatrixXd m = weight.transpose() * weight + ridge;
  const Eigen::MatrixXd code = m.llt().solve(weight.transpose() * x);
  const auto n = static_cast<double>(x.cols());
  const Eigen::MatrixXd second = n * m.llt().solve(ridge) + code * code.transpose();

  // M-step: least squares, then the mean square of what is left over.
  const Eigen::MatrixXd cross = x * code.transpose();
  weight = second.llt().solve(cross.transpose()).transpose();
  const double explained =
      2 * weight.cwiseProduct(cross).sum() - (weight * second).cwiseProduct(weight).sum();
  noise_variance = (x.squaredNorm() - explained) / static_cast<double>(x.size());
}
