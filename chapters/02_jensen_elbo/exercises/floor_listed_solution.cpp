// The average of the log-weights under q; what q never draws is left out before 0 * infinity can
// make it NaN.
#include <Eigen/Core>

Eigen::RowVectorXd floor_listed(const Eigen::MatrixXd& log_joint, const Eigen::MatrixXd& q) {
  const Eigen::ArrayXXd p = q;
  const Eigen::ArrayXXd log_weight = log_joint.array() - p.log();
  return (p > 0).select(p * log_weight, 0.0).colwise().sum();
}
