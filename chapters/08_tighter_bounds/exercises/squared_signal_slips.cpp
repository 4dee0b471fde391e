#include <Eigen/Core>
#include <algorithm>

#include "slip.hpp"

double squared_signal(const Eigen::MatrixXd& gradients) {
  const double r = static_cast<double>(gradients.cols());
  const double whole = gradients.rowwise().sum().squaredNorm(), own = gradients.squaredNorm();
  const double right = (whole - own) / (r * (r - 1));
  switch (slip()) {
    case 1:
      return whole / (r * r);  // as it was
    case 2:
      return (whole - own) / (r * r);  // R^2 pairs
    case 3:
      return std::max(0.0, right);  // cut at 0
    case 4:
      return whole / (r * r) - (own - whole / r) / (r - 1);  // not the mean's
    default:
      return 0;
  }
}
