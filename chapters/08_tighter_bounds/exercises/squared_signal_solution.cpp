// The noises of two different gradients are independent, so their inner product has the
// expectation |E g|^2. Those of a gradient with itself are left out.
#include <Eigen/Core>

double squared_signal(const Eigen::MatrixXd& gradients) {
  const double repeats = static_cast<double>(gradients.cols());
  const double all_pairs = gradients.rowwise().sum().squaredNorm();
  const double with_itself = gradients.squaredNorm();
  return (all_pairs - with_itself) / (repeats * (repeats - 1));
}
