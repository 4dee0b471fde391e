// The score points from the mean to the draw, the longer the narrower the cloud; f says how much
// of it to take, the same for every coordinate of its draw.
#include <Eigen/Core>

Eigen::MatrixXd score_gradient(const Eigen::RowVectorXd& f, const Eigen::MatrixXd& z,
                               const Eigen::MatrixXd& mean, const Eigen::MatrixXd& scale) {
  const Eigen::MatrixXd score = (z - mean).array() / scale.array().square();
  return score * f.asDiagonal();
}
