// E eps^2 = 1 and E eps^4 = 3, so a square has the variance 2.
#include <Eigen/Core>
#include <cmath>

Eigen::Vector2d noise_scores(const Eigen::MatrixXd& noise) {
  const double n = static_cast<double>(noise.size());
  return {noise.sum() / std::sqrt(n), (noise.squaredNorm() - n) / std::sqrt(2 * n)};
}
