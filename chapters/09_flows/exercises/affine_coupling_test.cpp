#include <Eigen/LU>
#include <cmath>
#include <functional>
#include <string>

#include "teacher.hpp"

using Eigen::MatrixXd, Eigen::RowVectorXd, Eigen::VectorXd;
using Network = std::function<MatrixXd(const MatrixXd&)>;

MatrixXd affine_coupling(const MatrixXd& z, const Network& log_scale, const Network& shift,
                         RowVectorXd& log_det);
MatrixXd affine_coupling_undone(const MatrixXd& y, const Network& log_scale, const Network& shift);

namespace {

/// Something smooth that cannot be undone: `lower` rows, each a sum of sines of all upper ones.
Network wavy(Eigen::Index half, Eigen::Index lower, double size) {
  return [=](const MatrixXd& upper) {
    if (upper.rows() != half) {
      teacher::expect_that("what the two functions are asked with", false,
                           "The upper rows are the first d/2, rounded down, and no others: here " +
                               std::to_string(half) + ".");
    }
    MatrixXd out = MatrixXd::Constant(lower, upper.cols(), 0.1 * size);
    for (Eigen::Index c = 0; c < upper.cols(); ++c) {
      for (Eigen::Index r = 0; r < lower; ++r) {
        for (const double u : upper.col(c)) {
          out(r, c) += size * std::sin(u + static_cast<double>(r));
        }
      }
    }
    return out;
  };
}

MatrixXd some(Eigen::Index d, Eigen::Index n) {
  MatrixXd z(d, n);
  for (Eigen::Index i = 0; i < z.size(); ++i) z(i) = std::sin(1 + 2.7 * static_cast<double>(i));
  return z;
}

void check(const std::string& where, Eigen::Index d, Eigen::Index n) {
  const Eigen::Index half = d / 2, lower = d - half;
  const Network s = wavy(half, lower, 0.6), t = wavy(half, lower, 1.3);
  const MatrixXd z = some(d, n);
  RowVectorXd log_det(n), ignored(n);
  const MatrixXd y = affine_coupling(z, s, t, log_det);

  MatrixXd right = z, exchanged = z, wrong_order = z, exps = MatrixXd::Zero(1, n), dets = exps;
  for (Eigen::Index c = 0; c < n; ++c) {
    const MatrixXd log_scale = s(z.col(c).head(half)), by = t(z.col(c).head(half));
    for (Eigen::Index r = 0; r < lower; ++r) {
      right(half + r, c) = std::exp(log_scale(r)) * z(half + r, c) + by(r);
      wrong_order(half + r, c) += by(r) * std::exp(-log_scale(r)) - by(r);
      exps(c) += std::exp(log_scale(r));
    }
  }
  exchanged.topRows(half) = z.bottomRows(half);
  exchanged.bottomRows(lower) = right.bottomRows(lower);
  teacher::expect(where + "what comes out", y, right, 1e-12,
                  {{exchanged,
                    "Exchanged? The upper half is kept as it is; without that nobody "
                    "could undo the layer."}});

  // The determinant of difference quotients of the reader's own layer; the tolerance is theirs.
  const double h = 1e-5;
  for (Eigen::Index c = 0; c < n; ++c) {
    MatrixXd jacobian(d, d);
    for (Eigen::Index j = 0; j < d; ++j) {
      const VectorXd step = h * VectorXd::Unit(d, j);
      jacobian.col(j) = (affine_coupling(z.col(c) + step, s, t, ignored) -
                         affine_coupling(z.col(c) - step, s, t, ignored)) /
                        (2 * h);
    }
    dets(c) = std::log(std::abs(jacobian.determinant()));
  }
  teacher::expect(where + "the log-determinant", MatrixXd(log_det), dets, 1e-7,
                  {{exps,
                    "A determinant of a triangle is the product of its diagonal: what is the "
                    "logarithm of a product?"},
                   {MatrixXd::Constant(1, n, dets.sum()),
                    "All samples together? It is one number for each sample."}});
  teacher::expect(where + "there and back", affine_coupling_undone(y, s, t), z, 1e-12,
                  {{wrong_order,
                    "Multiplied, then shifted: what was done last is undone first. In "
                    "which order does yours go?"}});
}

}  // namespace

TEST_CASE("two dimensions, one sample") {
  check("d = 2, n = 1, ", 2, 1);
}
TEST_CASE("four dimensions, three samples") {
  check("d = 4, n = 3, ", 4, 3);
}
TEST_CASE("an odd number of dimensions") {
  check("d = 5, n = 2, ", 5, 2);
}
