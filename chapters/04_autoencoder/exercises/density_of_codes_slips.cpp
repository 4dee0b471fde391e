#include <Eigen/Core>
#include <cmath>
#include <numbers>

#include "slip.hpp"

using Eigen::MatrixXd;
using Eigen::RowVectorXd;
using Eigen::VectorXd;

namespace {

/// A normal about `centre`, of covariance root root^T given by its inverse and log|root|.
RowVectorXd normal(const MatrixXd& points, const VectorXd& centre, const MatrixXd& precision,
                   double log_root) {
  RowVectorXd result(points.cols());
  for (Eigen::Index j = 0; j < points.cols(); ++j) {
    const VectorXd away = points.col(j) - centre;
    result(j) = -0.5 * away.dot(precision * away) - log_root - std::log(2 * std::numbers::pi);
  }
  return result;
}

RowVectorXd box(const MatrixXd& codes, const MatrixXd& points) {
  const VectorXd low = codes.rowwise().minCoeff(), high = codes.rowwise().maxCoeff();
  RowVectorXd result(points.cols());
  for (Eigen::Index j = 0; j < points.cols(); ++j) {
    const VectorXd p = points.col(j);
    const bool inside = p.cwiseMax(low) == p && p.cwiseMin(high) == p;
    result(j) = inside ? -std::log((high - low).prod()) : -INFINITY;
  }
  return result;
}

}  // namespace

RowVectorXd density_of_codes(const MatrixXd& codes, const MatrixXd& points) {
  const auto n = static_cast<double>(codes.cols());
  const VectorXd mean = codes.rowwise().mean();
  const MatrixXd away = codes.colwise() - mean, covariance = away * away.transpose() / n;
  const double a = covariance(0, 0), b = covariance(0, 1), c = covariance(1, 1);
  const double determinant = a * c - b * b, spread = std::sqrt(covariance.trace() / 2);
  if (slip() == 2) return box(codes, points);
  if (slip() == 1) {  // the fitted normal
    MatrixXd precision(2, 2);
    precision << c, -b, -b, a;
    return normal(points, mean, precision / determinant, 0.5 * std::log(determinant));
  }
  // Kernels: 3 underflows, 4 is narrow as pleases the codes it has, 5 is a sum, 6 sits on the
  // points.
  const double scale = spread * (slip() == 4 ? 0.01 : 0.1);
  const MatrixXd& at = slip() == 6 ? points : codes;
  RowVectorXd sum = RowVectorXd::Zero(points.cols());
  for (Eigen::Index i = 0; i < at.cols(); ++i) {
    sum +=
        normal(points, at.col(i), MatrixXd::Identity(2, 2) / (scale * scale), 2 * std::log(scale))
            .array()
            .exp()
            .matrix();
  }
  sum.array() += slip() == 3 ? 0 : 1e-300;
  return (slip() == 5 ? sum : sum / static_cast<double>(at.cols())).array().log();
}
