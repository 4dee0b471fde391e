#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "slip.hpp"

namespace {

double log_z(double e) {
  const double a = std::abs(e);
  if (slip() == 1) return std::max(e, 0.0) + std::log1p(std::exp(-a));  // the coin's
  if (slip() == 5) return a > 0 ? std::log(std::expm1(e) / e) : 0;
  if (slip() == 4) return std::max(e, 0.0) + std::log(-std::expm1(-a) / a);
  const double rest = slip() == 6 ? 1 - std::exp(-a) : -std::expm1(-a);
  return std::max(e, 0.0) + (a > 0 ? std::log(rest / a) : 0);
}

}  // namespace

Eigen::RowVectorXd continuous_bernoulli(const Eigen::MatrixXd& x, const Eigen::MatrixXd& eta) {
  const double sign = slip() == 2 ? 1 : -1, over = slip() == 3 ? double(x.rows()) : 1;
  return (x.cwiseProduct(eta) + sign * eta.unaryExpr(&log_z)).colwise().sum() / over;
}
