// I + slope push w' leaves everything at right angles to w alone and multiplies push itself by the
// one eigenvalue that is not 1.
#include <Eigen/Core>

Eigen::RowVectorXd planar_log_det(const Eigen::MatrixXd& z, const Eigen::VectorXd& push,
                                  const Eigen::VectorXd& w, double b) {
  const Eigen::ArrayXXd h = ((w.transpose() * z).array() + b).tanh();
  return (1 + w.dot(push) * (1 - h.square())).log();
}
