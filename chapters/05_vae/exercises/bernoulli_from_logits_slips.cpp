#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "slip.hpp"

namespace {

double pixel(double x, double a) {
  if (slip() == 2) a = 1 / (1 + std::exp(-a));  // the decoder's sigmoid, and the likelihood's
  if (slip() == 4 || slip() == 5) {
    double p = 1 / (1 + std::exp(-a));
    if (slip() == 5) p = std::clamp(p, 1e-7, 1 - 1e-7);  // "for stability"
    return x * std::log(p) + (1 - x) * std::log(1 - p);  // of 1 - 1, where a is large
  }
  if (slip() == 6) return x * a - std::log(1 + std::exp(a));  // overflows
  const double softplus = std::max(a, 0.0) + std::log1p(std::exp(-std::abs(a)));
  return slip() == 3 ? x * (a - softplus) : x * a - softplus;  // x log p, and no more
}

}  // namespace

Eigen::RowVectorXd bernoulli_from_logits(const Eigen::MatrixXd& x, const Eigen::MatrixXd& logits) {
  const Eigen::RowVectorXd sum = x.binaryExpr(logits, &pixel).colwise().sum();
  return slip() == 1 ? Eigen::RowVectorXd(sum / double(x.rows())) : sum;
}
