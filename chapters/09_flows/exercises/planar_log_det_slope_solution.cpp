// w is felt by two routes: along push, which every sample shares, and through the tanh, where each
// sample brings its own z.
#include <Eigen/Core>

Eigen::VectorXd planar_log_det_slope(const Eigen::MatrixXd& z, const Eigen::VectorXd& push,
                                     const Eigen::VectorXd& w, double b) {
  const double along = w.dot(push);
  const Eigen::ArrayXd h = ((z.transpose() * w).array() + b).tanh(), steep = 1 - h.square();
  const Eigen::ArrayXd per_det = steep / (1 + along * steep);
  return per_det.sum() * push - 2 * along * (z * (h * per_det).matrix());
}
