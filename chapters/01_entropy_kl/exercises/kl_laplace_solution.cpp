// As with normals, a price for the wrong width and one for the wrong place, g(ratio) + ratio
// g(e^-step): near by the second grows with the square of the step, far away only with the step.
#include <Eigen/Core>

Eigen::RowVectorXd kl_laplace(const Eigen::MatrixXd& q_mean, const Eigen::MatrixXd& q_scale,
                              const Eigen::MatrixXd& p_mean, const Eigen::MatrixXd& p_scale) {
  const Eigen::ArrayXXd ratio = q_scale.array() / p_scale.array();
  const Eigen::ArrayXXd step = (q_mean - p_mean).array().abs() / q_scale.array();
  const Eigen::ArrayXXd width = ratio - 1 - ratio.log();
  const Eigen::ArrayXXd place = ratio * ((-step).exp() - 1 + step);
  return (width + place).colwise().sum();
}
