#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::MatrixXd softplus_path(const Eigen::MatrixXd& dz, const Eigen::MatrixXd& r,
                              const Eigen::MatrixXd& eps) {
  Eigen::MatrixXd slopes(2 * dz.rows(), dz.cols());
  for (int c = 0; c < dz.cols(); ++c) {
    for (int i = 0; i < dz.rows(); ++i) {
      double factor = 1 / (1 + std::exp(-r(i, c)));
      if (slip() == 1) factor = std::exp(r(i, c) / 2) / 2;      // r is no log-variance
      if (slip() == 2) factor = std::log1p(std::exp(r(i, c)));  // the scale itself
      if (slip() == 3) factor = 1;                              // the slope in the scale
      if (slip() == 5) factor = std::exp(r(i, c)) / (1 + std::exp(r(i, c)));  // inf / inf
      slopes(i, c) = dz(i, c);
      slopes(dz.rows() + i, c) = dz(i, c) * factor * (slip() == 4 ? 1 : eps(i, c));  // no eps
    }
  }
  if (slip() == 6) slopes.col(0).reverseInPlace();  // r above, the mean below
  return slopes;
}
