// Two humps at +-m of scale s have E z^2 = m^2 + s^2 and E z^4 = m^4 + 6 m^2 s^2 + 3 s^4. Give them
// the posterior's moments, summed over a grid, and solve: m^4 = (3 (E z^2)^2 - E z^4) / 2.
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

Eigen::Matrix3Xd squared_throw(double x, double noise) {
  const Eigen::ArrayXd z2 = Eigen::ArrayXd::LinSpaced(4001, -6, 6).square();
  const Eigen::ArrayXd log_joint = -0.5 * (z2 + ((x - z2) / noise).square());
  const Eigen::ArrayXd weight = (log_joint - log_joint.maxCoeff()).exp();
  const double second = (weight * z2).sum() / weight.sum();
  const double fourth = (weight * z2.square()).sum() / weight.sum();

  const double m2 = std::sqrt(std::max(0.0, (3 * second * second - fourth) / 2));
  const double mean = std::sqrt(m2), scale = std::sqrt(second - m2);
  return Eigen::Matrix3Xd{{0.5, 0.5}, {mean, -mean}, {scale, scale}};
}
