#include <Eigen/Core>
#include <cmath>
#include <numbers>

#include "slip.hpp"

namespace {

double price(double mean, double log_variance) {
  if (slip() == 3) log_variance *= 2;  // read as log sigma
  const double scale = std::exp(log_variance / 2), far = mean / (scale * std::numbers::sqrt2);
  const double inside = slip() == 4 ? mean / scale : far;  // erf is not made for normals
  double distance =
      scale * std::sqrt(2 / std::numbers::pi) * std::exp(-far * far) + mean * std::erf(inside);
  if (slip() == 1) distance = std::abs(mean);
  const double entropy =
      0.5 * ((slip() == 6 ? 0 : 1) + std::log(2 * std::numbers::pi) + log_variance);
  return (slip() == 2 ? 0 : std::numbers::ln2) + distance - entropy;
}

}  // namespace

Eigen::RowVectorXd laplace_code_price(const Eigen::MatrixXd& mean,
                                      const Eigen::MatrixXd& log_variance) {
  const double over = slip() == 5 ? double(mean.rows()) : 1;
  return mean.binaryExpr(log_variance, &price).colwise().sum() / over;
}
