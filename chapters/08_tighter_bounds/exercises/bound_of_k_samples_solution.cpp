// Each image's largest weight is taken out of its average; what is left lies between 1/k and 1.
#include <Eigen/Core>

Eigen::RowVectorXd bound_of_k_samples(const Eigen::MatrixXd& log_weights) {
  const Eigen::RowVectorXd largest = log_weights.colwise().maxCoeff();
  const Eigen::ArrayXXd relative = (log_weights.rowwise() - largest).array().exp();
  return largest.array() + relative.colwise().mean().log();
}
