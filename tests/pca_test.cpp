// PCA by turning planes (Jacobi's rotations by plain loops), principal angles by another road.
#include "elbo/pca.hpp"

#include <Eigen/LU>
#include <Eigen/SVD>
#include <algorithm>
#include <numbers>

#include "check.hpp"
#include "elbo/random.hpp"

using namespace elbo;

namespace {

const Random numbers(71, Stream::play);

// 5 numbers of scales 3, 2, 1, 0.5, 0.2, mixed, and a mean.
Matrix<double> data(Index n) {
  const Matrix<double> mix = numbers.normal<double>(5, 5);
  Matrix<double> z = numbers.normal<double>(5, n, 100);
  const double scale[] = {3, 2, 1, 0.5, 0.2};
  for (Index r = 0; r < 5; ++r) z.row(r) *= scale[r];
  return (mix * z).colwise() + Vector<double>{{1, -2, 3, 0, 5}};
}

// Eigenvalues of a symmetric matrix, falling, by cyclic rotations (Jacobi 1846); the columns of `v`
// become the eigenvectors in that order.
std::vector<double> jacobi(Matrix<double> a, Matrix<double>& v) {
  const Index n = a.rows();
  v = Matrix<double>::Identity(n, n);
  for (int sweep = 0; sweep < 50; ++sweep) {
    for (Index p = 0; p < n; ++p) {
      for (Index q = p + 1; q < n; ++q) {
        const double angle = 0.5 * std::atan2(2 * a(p, q), a(p, p) - a(q, q));
        const double c = std::cos(angle), s = std::sin(angle);
        for (Index k = 0; k < n; ++k) {
          const double kp = a(k, p), kq = a(k, q), vp = v(k, p), vq = v(k, q);
          a(k, p) = c * kp + s * kq, a(k, q) = c * kq - s * kp;
          v(k, p) = c * vp + s * vq, v(k, q) = c * vq - s * vp;
        }
        for (Index k = 0; k < n; ++k) {
          const double pk = a(p, k), qk = a(q, k);
          a(p, k) = c * pk + s * qk, a(q, k) = c * qk - s * pk;
        }
      }
    }
  }
  std::vector<std::pair<double, Index>> order;
  for (Index i = 0; i < n; ++i) order.emplace_back(-a(i, i), i);
  std::sort(order.begin(), order.end());
  const Matrix<double> old = v;
  std::vector<double> values;
  for (Index i = 0; i < n; ++i) {
    values.push_back(-order[static_cast<std::size_t>(i)].first);
    v.col(i) = old.col(order[static_cast<std::size_t>(i)].second);
  }
  return values;
}

}  // namespace

TEST_CASE("PCA by Jacobi's rotations, its error by the variances left out", "[pca][eq:pca-error]") {
  const Index n = 300;
  const Matrix<double> x = data(n);
  Matrix<double> covariance = Matrix<double>::Zero(5, 5), v;
  Vector<double> mean = Vector<double>::Zero(5);
  for (Index i = 0; i < n; ++i)
    for (Index r = 0; r < 5; ++r) mean(r) += x(r, i) / n;
  for (Index i = 0; i < n; ++i)
    for (Index r = 0; r < 5; ++r)
      for (Index c = 0; c < 5; ++c)
        covariance(r, c) += (x(r, i) - mean(r)) * (x(c, i) - mean(c)) / n;
  const std::vector<double> values = jacobi(covariance, v);

  const Pca all = pca(x, 5);
  for (Index i = 0; i < 5; ++i) {
    const double value = values[static_cast<std::size_t>(i)];
    // A few hundred roundings of numbers as large as the largest variance.
    CHECK_THAT(all.variances(i), WithinAbs(value, 1e-12 * values[0]));
    CHECK_THAT(std::abs(all.directions.col(i).dot(v.col(i))), WithinAbs(1, 1e-10));
  }
  CHECK(max_difference(all.mean, mean) < 1e-13);
  for (const Index d : {1, 2, 4}) {
    const Pca flat = pca(x, d);
    double sum = 0, left_out = 0;
    for (Index i = 0; i < n; ++i) {
      // x less its part along the first d directions.
      Vector<double> rest = x.col(i) - mean;
      for (Index k = 0; k < d; ++k) rest -= v.col(k).dot(x.col(i) - mean) * v.col(k);
      for (const double r : rest) sum += r * r / n;
    }
    for (Index k = d; k < 5; ++k) left_out += values[static_cast<std::size_t>(k)];
    CHECK_THAT(flat.squared_error(x).mean(), WithinAbs(sum, 1e-11 * values[0]));
    CHECK_THAT(flat.least_squared_error(), WithinAbs(left_out, 1e-11 * values[0]));
    CHECK_THAT(sum, WithinAbs(left_out, 1e-11 * values[0]));
    CHECK(max_difference(all.first(d).directions, flat.directions) < 1e-13);
    // No flat of that dimension through the mean does better; 100 random ones.
    double best = 1e300;
    for (std::uint64_t trial = 0; trial < 100; ++trial) {
      const Matrix<double> other =
          flat.directions + 0.1 * numbers.normal<double>(5, d, 10000 + 100 * trial);
      const Eigen::JacobiSVD<Matrix<double>> svd(other, Eigen::ComputeThinU);
      const Pca moved{mean, svd.matrixU(), all.variances};
      best = std::min(best, moved.squared_error(x).mean());
    }
    CHECK(best > flat.least_squared_error());
  }
}

TEST_CASE("principal angles: known ones, the projections' ones", "[pca][eq:principal-angles]") {
  // Planes in four dimensions turned by known angles, tiny ones too, in bases that hide it.
  for (const double first : {0.0, 1e-9, 1e-3, 0.4}) {
    const double second = 1.2;
    Matrix<double> a = Matrix<double>::Zero(4, 2), b = a;
    a(0, 0) = a(1, 1) = 1;
    b(0, 0) = std::cos(first), b(2, 0) = std::sin(first);
    b(1, 1) = std::cos(second), b(3, 1) = std::sin(second);
    const Matrix<double> turn =
        Eigen::JacobiSVD<Matrix<double>>(numbers.normal<double>(4, 4, 50), Eigen::ComputeFullU)
            .matrixU();
    const Matrix<double> mix{{2, -1}, {0.5, 3}}, other{{1, 1}, {0, -2}};
    const Vector<double> angles = principal_angles(turn * a * mix, turn * b * other);
    REQUIRE(angles.size() == 2);
    CHECK_THAT(angles(0), WithinAbs(first, 1e-14));  // a cosine alone would err by 1e-8
    CHECK_THAT(angles(1), WithinAbs(second, 1e-14));
  }
  // Another road: sin^2 of the angles are the eigenvalues of B'(I - P)B for an orthonormal B, with
  // P the projection on a's columns by the normal equations. Of different widths, too.
  for (const Index p : {2, 3}) {
    const Matrix<double> a = numbers.normal<double>(6, p, 500),
                         b = numbers.normal<double>(6, 2, 600);
    const Matrix<double> projection = a * (a.transpose() * a).inverse() * a.transpose();
    const Matrix<double> base = Eigen::JacobiSVD<Matrix<double>>(b, Eigen::ComputeThinU).matrixU();
    Matrix<double> v;
    const std::vector<double> squares =
        jacobi(base.transpose() * (Matrix<double>::Identity(6, 6) - projection) * base, v);
    const Vector<double> angles = principal_angles(a, b);
    for (Index i = 0; i < 2; ++i) {
      CHECK_THAT(angles(i),
                 WithinAbs(std::asin(std::sqrt(squares[static_cast<std::size_t>(1 - i)])), 1e-11));
    }
  }
  // At right angles.
  const Matrix<double> identity = Matrix<double>::Identity(3, 3);
  CHECK_THAT(principal_angles(identity.leftCols(1), identity.rightCols(1))(0),
             WithinAbs(std::numbers::pi / 2, 1e-14));
  CHECK(contains(refusal([&] { principal_angles(identity.leftCols(1), identity); }), "q <= p"));
  CHECK(contains(refusal([&] { pca(identity, 4); }), "0 < d <= D"));
}
