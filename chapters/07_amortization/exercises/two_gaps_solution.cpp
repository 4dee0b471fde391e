// Both gaps are KLs of normals in disguise. The first does not know the encoder, so that it is one
// number; the second is 0 exactly where the mean is right and every P_jj s_j^2 is 1.
#include <Eigen/Cholesky>
#include <Eigen/Core>

Eigen::MatrixXd two_gaps(const Eigen::MatrixXd& precision, const Eigen::MatrixXd& mean_error,
                         const Eigen::MatrixXd& variance) {
  const Eigen::MatrixXd factor = precision.llt().matrixL();
  const double log_det = 2 * factor.diagonal().array().log().sum();
  const Eigen::ArrayXXd ratio = precision.diagonal().asDiagonal() * variance;

  Eigen::MatrixXd gaps(2, mean_error.cols());
  gaps.row(0).setConstant(0.5 * (precision.diagonal().array().log().sum() - log_det));
  gaps.row(1) = 0.5 * (factor.transpose() * mean_error).colwise().squaredNorm() +
                0.5 * (ratio - ratio.log() - 1).matrix().colwise().sum();
  return gaps;
}
