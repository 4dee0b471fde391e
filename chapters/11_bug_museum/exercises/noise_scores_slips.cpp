#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::Vector2d noise_scores(const Eigen::MatrixXd& noise) {
  const double n = static_cast<double>(noise.size()), mean = noise.sum() / n;
  const double square = noise.squaredNorm() / n, spread = std::sqrt(square - mean * mean);
  switch (slip()) {
    case 1:
      return {mean, (square - 1) / std::sqrt(2.0)};  // no sqrt(n)
    case 2:
      return {mean * std::sqrt(n), (square - 1) * std::sqrt(n)};  // variance 1
    case 3:
      return {mean * std::sqrt(n) / spread, (square - 1) * std::sqrt(n / 2)};
    case 4:
      return {mean * std::sqrt(n), (square - mean * mean - 1) * std::sqrt(n / 2)};
    default:
      return {0, 0};
  }
}
