#include "elbo/pca.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "elbo/shape.hpp"

namespace elbo {

Matrix<double> Pca::encode(const Matrix<double>& x) const {
  check_rows("Pca::encode: x", x, mean.size());
  return directions.transpose() * (x.colwise() - mean);
}

Matrix<double> Pca::decode(const Matrix<double>& z) const {
  check_rows("Pca::decode: z", z, directions.cols());
  return (directions * z).colwise() + mean;
}

RowVector<double> Pca::squared_error(const Matrix<double>& x) const {
  return (x - decode(encode(x))).colwise().squaredNorm();
}

double Pca::least_squared_error() const {
  return variances.tail(variances.size() - directions.cols()).sum();
}

Pca Pca::first(Index d) const {
  return {mean, directions.leftCols(d), variances};
}

// [pca]
Pca pca(const Matrix<double>& x, Index d) {
  const Index dimension = x.rows(), n = x.cols();
  if (d < 1 || d > dimension || n < 2) {
    throw std::invalid_argument("pca: wanted 0 < d <= D and two columns or more");
  }
  const Vector<double> mean = x.rowwise().mean();
  const Matrix<double> centred = x.colwise() - mean;
  Matrix<double> covariance = Matrix<double>::Zero(dimension, dimension);
  covariance.selfadjointView<Eigen::Lower>().rankUpdate(centred, 1.0 / static_cast<double>(n));
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> eigen(covariance);  // in rising order
  return {mean, eigen.eigenvectors().rightCols(d).rowwise().reverse(),
          eigen.eigenvalues().reverse().cwiseMax(0.0)};
}
// [pca]

namespace {

// An orthonormal basis of the columns of a, in their order.
Matrix<double> basis(const Matrix<double>& a) {
  const Eigen::HouseholderQR<Matrix<double>> qr(a);
  return qr.householderQ() * Matrix<double>::Identity(a.rows(), a.cols());
}

}  // namespace

// [principal-angles]
Vector<double> principal_angles(const Matrix<double>& a, const Matrix<double>& b) {
  check_rows("principal_angles: b", b, a.rows());
  if (a.cols() < b.cols() || a.cols() > a.rows() || b.cols() < 1) {
    throw std::invalid_argument("principal_angles: wanted 1 <= q <= p <= D");
  }
  const Matrix<double> A = basis(a), B = basis(b);
  const Matrix<double> shared = A.transpose() * B, beside = B - A * shared;
  const Vector<double> cosines = Eigen::JacobiSVD<Matrix<double>>(shared).singularValues();
  const Vector<double> sines = Eigen::JacobiSVD<Matrix<double>>(beside).singularValues().reverse();
  Vector<double> angles(cosines.size());
  for (Index i = 0; i < angles.size(); ++i) {
    const bool small = cosines(i) > std::sqrt(0.5);
    angles(i) = small ? std::asin(std::min(1.0, sines(i))) : std::acos(std::min(1.0, cosines(i)));
  }
  return angles;
}
// [principal-angles]

}  // namespace elbo
