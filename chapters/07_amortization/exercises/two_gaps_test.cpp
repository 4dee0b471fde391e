#include <cmath>
#include <numbers>

#include "teacher.hpp"

using Eigen::MatrixXd;

MatrixXd two_gaps(const MatrixXd& precision, const MatrixXd& mean_error, const MatrixXd& variance);

namespace {

/// KL(q || posterior) for two codes by a sum over a grid of q's own standard deviations: the whole
/// inference gap of q, and no closed form of a KL in it. (For normals such a sum is exact to
/// 1e-15.)
double inference_gap(const MatrixXd& p, double e0, double e1, double v0, double v1) {
  const double log_det = std::log(p(0, 0) * p(1, 1) - p(0, 1) * p(1, 0)), step = 0.5;
  const double s0 = std::sqrt(v0), s1 = std::sqrt(v1), log_scales = std::log(s0 * s1);
  double sum = 0;
  for (double a = -8; a <= 8; a += step) {
    for (double b = -8; b <= 8; b += step) {
      const double y = e0 + s0 * a, z = e1 + s1 * b, square = a * a + b * b;
      const double hill = p(0, 0) * y * y + 2 * p(0, 1) * y * z + p(1, 1) * z * z;
      sum += std::exp(-0.5 * square) * (0.5 * (hill - square - log_det) - log_scales);
    }
  }
  return sum * step * step / (2 * std::numbers::pi);
}

/// The variances of the best diagonal normal, found by ever finer trials, each coordinate in turn.
struct Best {
  double variance[2] = {1, 1}, gap = 0;
};
Best best_diagonal(const MatrixXd& p) {
  Best best;
  best.gap = inference_gap(p, 0, 0, 1, 1);
  for (double factor = 4; factor > 1 + 1e-6; factor = std::sqrt(factor)) {
    for (int trial = 0; trial < 8; ++trial) {
      Best next = best;
      next.variance[trial / 2 % 2] *= trial % 2 ? factor : 1 / factor;
      next.gap = inference_gap(p, 0, 0, next.variance[0], next.variance[1]);
      if (next.gap < best.gap) best = next;
    }
  }
  return best;
}

MatrixXd tilted(double first, double second, double correlation) {
  MatrixXd p(2, 2);
  p << first, correlation * std::sqrt(first * second), correlation * std::sqrt(first * second),
      second;
  return p;
}

void two_codes(const std::string& where, const MatrixXd& p, const MatrixXd& error,
               const MatrixXd& variance) {
  const Best best = best_diagonal(p);
  const double det = p(0, 0) * p(1, 1) - p(0, 1) * p(0, 1);
  const double with_own = inference_gap(p, 0, 0, p(1, 1) / det, p(0, 0) / det);
  const auto n = error.cols();
  MatrixXd right(2, n), doubled, negative, own, whole(2, n), means(2, n);
  for (Eigen::Index c = 0; c < n; ++c) {
    const double all = inference_gap(p, error(0, c), error(1, c), variance(0, c), variance(1, c));
    right.col(c) << best.gap, all - best.gap;
    whole.col(c) << best.gap, all;
    means.col(c) << best.gap,
        inference_gap(p, error(0, c), error(1, c), best.variance[0], best.variance[1]) - best.gap;
  }
  doubled = negative = own = right;
  doubled.row(0) *= 2;
  negative.row(0) *= -1;
  own.row(0).setConstant(with_own);
  // Tolerance: the trials end within 1e-6 of the best variances, where the gap is flat.
  teacher::expect(
      where, two_gaps(p, error, variance), right, 1e-7,
      {{doubled, "The approximation gap is twice too large: where did the 1/2 of a KL go?"},
       {negative,
        "A gap below zero: can a diagonal normal beat log p(x)? Which of the two logarithms is "
        "larger?"},
       {own,
        "That is the gap of a diagonal normal with the posterior's own variances. Is it the best "
        "one?"},
       {whole, "Row 1 is the whole inference gap: what part of it is not the encoder's fault?"},
       {means, "The means are paid for. What do the encoder's wrong variances cost?"}});
}

}  // namespace

TEST_CASE("two codes") {
  MatrixXd error(2, 2), variance(2, 2);
  error << 0, 0.5, 0, 0;
  variance << 1, 1, 1, 1;
  two_codes("two independent codes of variance 1", tilted(1, 1, 0), error, variance);
  variance << 0.4, 0.4, 2, 2;
  two_codes("two independent codes, the encoder's variances off", tilted(1, 1, 0), error, variance);
  two_codes("a tilted posterior, correlation 0.8", tilted(1, 4, -0.8), error, variance);
  error << 0.2, -0.3, -0.7, 1.1;
  two_codes("a tilted posterior, means and variances off", tilted(3, 0.5, 0.6), error, variance);
}

TEST_CASE("three codes, of which one is independent of the others") {
  const MatrixXd pair = tilted(2, 1.5, 0.5);
  MatrixXd p = MatrixXd::Zero(3, 3), error(3, 1), variance(3, 1), right(2, 1);
  p << pair(0, 0), 0, pair(0, 1), 0, 1, 0, pair(1, 0), 0, pair(1, 1);
  error << 0.4, 1, -0.2;
  variance << 0.3, 1, 0.9;  // of the lone code only the mean is off: it costs 1/2
  const double best = best_diagonal(pair).gap;
  right << best, inference_gap(pair, 0.4, -0.2, 0.3, 0.9) - best + 0.5;
  teacher::expect("three codes, the second independent of the others", two_gaps(p, error, variance),
                  right, 1e-7);
}

TEST_CASE("many codes") {
  const MatrixXd gaps = two_gaps(MatrixXd::Identity(120, 120) * 1e-4, MatrixXd::Zero(120, 1),
                                 MatrixXd::Constant(120, 1, 1e4));
  // Tolerance: 240 logarithms of size 9, each to 16 digits.
  teacher::expect_that(
      "120 independent codes, the encoder exact", gaps.cwiseAbs().maxCoeff() < 1e-9,
      "Both gaps are 0 here. A determinant of 1e-480 is none: can you have its logarithm "
      "without it?");
}
