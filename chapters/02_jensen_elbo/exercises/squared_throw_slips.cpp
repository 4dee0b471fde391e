#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "slip.hpp"

Eigen::Matrix3Xd squared_throw(double x, double noise) {
  // The top of a hump and the curvature of log p(x, z) there.
  const double mean = std::sqrt(std::max(0.0, x - noise * noise / 2));
  const double curvature = 1 + (6 * mean * mean - 2 * x) / (noise * noise);
  const double scale = 1 / std::sqrt(curvature);
  switch (slip()) {
    case 1:
      return Eigen::Matrix3Xd{{1.0}, {mean}, {scale}};  // one hump of two
    case 2:
      return Eigen::Matrix3Xd{{1.0}, {0.0}, {mean + scale / 2}};  // one for both
    case 3:
      return Eigen::Matrix3Xd{{0.5, 0.5}, {mean, -mean}, {scale, scale}};  // by curvature
    case 4:
      return Eigen::Matrix3Xd{{0.5, 0.5}, {mean, -mean}, {1 / curvature, 1 / curvature}};
    case 5:
      return Eigen::Matrix3Xd{{1, 1}, {mean, -mean}, {scale, scale}};  // chances sum to 2
    case 6: {  // curvature, except where it is nearly flat
      const double s = std::min(scale, noise);
      return Eigen::Matrix3Xd{{0.5, 0.5}, {mean, -mean}, {s, s}};
    }
    default:
      return {};
  }
}
