// A small normal about every code, and their average; to draw, pick a code and add noise. How wide?
// As wide as makes each code most plausible to all the *others*: itself it would know by heart.
#include <Eigen/Core>
#include <cmath>
#include <numbers>

namespace {

/// Log of the average normal of this scale about the codes, all but one if `but` is its number.
double log_average(const Eigen::MatrixXd& codes, const Eigen::VectorXd& point, double scale,
                   Eigen::Index but = -1) {
  const double variance = scale * scale, d = static_cast<double>(codes.rows());
  Eigen::ArrayXd exponent = (codes.colwise() - point).colwise().squaredNorm() / (-2 * variance);
  if (but >= 0) exponent(but) = -1e300;
  const double n = static_cast<double>(codes.cols()) - (but >= 0), top = exponent.maxCoeff();
  return top + std::log((exponent - top).exp().sum() / n) -
         0.5 * d * std::log(2 * std::numbers::pi * variance);
}

}  // namespace

Eigen::RowVectorXd density_of_codes(const Eigen::MatrixXd& codes, const Eigen::MatrixXd& points) {
  const Eigen::VectorXd mean = codes.rowwise().mean();
  const double spread = std::sqrt((codes.colwise() - mean).array().square().mean());
  double scale = spread, best = -INFINITY;
  for (double tried = spread; tried > spread / 100; tried *= 0.8) {
    double plausible = 0;
    for (Eigen::Index i = 0; i < codes.cols(); ++i) {
      plausible += log_average(codes, codes.col(i), tried, i);
    }
    if (plausible > best) best = plausible, scale = tried;
  }
  Eigen::RowVectorXd result(points.cols());
  for (Eigen::Index j = 0; j < points.cols(); ++j) {
    result(j) = log_average(codes, points.col(j), scale);
  }
  return result;
}
