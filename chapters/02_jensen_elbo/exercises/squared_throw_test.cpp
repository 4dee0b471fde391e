#include <cmath>
#include <numbers>

#include "teacher.hpp"

using Eigen::Matrix3Xd;

Matrix3Xd squared_throw(double x, double noise);

namespace {

const double noise = 0.5;

double log_normal(double value, double mean, double scale) {
  const double away = (value - mean) / scale;
  return -away * away / 2 - std::log(scale) - 0.5 * std::log(2 * std::numbers::pi);
}

double log_joint(double x, double z) {
  return log_normal(z, 0, 1) + log_normal(x, z * z, noise);
}

double log_evidence(double x) {
  const double h = 1e-3;
  double sum = 0;
  for (double z = -8 + h / 2; z < 8; z += h) sum += h * std::exp(log_joint(x, z));
  return std::log(sum);
}

/// log p(x) less the floor of a mixture. Each normal is integrated on its own scale, so that none
/// is too narrow to be seen.
double gap(double x, const Matrix3Xd& q) {
  double floor = 0;
  for (int k = 0; k < q.cols(); ++k) {
    const double h = 0.02;
    for (double t = -9 + h / 2; t < 9; t += h) {
      const double z = q(1, k) + q(2, k) * t;
      double density = 0;
      for (int j = 0; j < q.cols(); ++j) {
        density += q(0, j) * std::exp(log_normal(z, q(1, j), q(2, j)));
      }
      // Where q is 0 to a double it adds nothing.
      if (density == 0) continue;
      floor += q(0, k) * h * std::exp(log_normal(t, 0, 1)) * (log_joint(x, z) - std::log(density));
    }
  }
  return log_evidence(x) - floor;
}

/// What keeps q from being a mixture of two normals at most; nothing, if it is one.
std::string fault(const Matrix3Xd& q) {
  if (q.cols() != 1 && q.cols() != 2)
    return "One column a normal, at most two: how many are there?";
  if (!q.allFinite()) return "Not numbers: nothing written yet, or a root of something negative?";
  if (q.row(2).minCoeff() <= 0) return "A scale is above 0: what stands in the third row?";
  // Tolerance: the rounding of two numbers, far less than would move the score.
  const bool sums_to_1 = std::abs(q.row(0).sum() - 1) < 1e-9;
  if (q.row(0).minCoeff() < 0 || !sums_to_1) return "Chances are not below 0 and sum to 1.";
  return "";
}

Matrix3Xd guess(double x) {
  const Matrix3Xd q = squared_throw(x, noise);
  const std::string where = "x = " + std::to_string(x).substr(0, x < 0 ? 4 : 3);
  teacher::expect_that(where + ": q is a mixture", fault(q).empty(), fault(q));
  return q;
}

}  // namespace

TEST_CASE("x = 2.5, two humps far apart") {
  const double x = 2.5;
  Matrix3Xd q = guess(x), rooted = q;
  double left = 0;
  for (int k = 0; k < q.cols(); ++k) {
    left += q(0, k) * std::erfc(q(1, k) / q(2, k) / std::numbers::sqrt2) / 2;
  }
  teacher::expect_that("x = 2.5: z may be on either side", left > 0.2 && left < 0.8,
                       "One hump of two: which other z has the same square?");
  // The posterior has less than a thousandth of its mass between -0.5 and 0.5.
  double valley = 0;
  for (int k = 0; k < q.cols(); ++k) {
    const auto below = [&](double z) {
      return std::erfc((q(1, k) - z) / q(2, k) / std::numbers::sqrt2) / 2;
    };
    valley += q(0, k) * (below(0.5) - below(-0.5));
  }
  teacher::expect_that("x = 2.5: few draws between -0.5 and 0.5", valley < 0.1,
                       "Much of q lies in the valley, where no z makes 2.5: two normals?");
  rooted.row(2) = q.row(2).cwiseSqrt();
  teacher::expect_that("x = 2.5: the third row", gap(x, q) < 0.1 || gap(x, rooted) > gap(x, q),
                       "The roots of your scales do better: are they variances?");
  teacher::expect_that("x = 2.5: less than 0.1 nats are lost", gap(x, q) < 0.1,
                       "Two humps, but not these: where is the posterior highest, and how wide?");
}

TEST_CASE("x = 0.2, humps that run into one another") {
  teacher::expect_that("x = 0.2: less than 0.5 nats are lost", gap(0.2, guess(0.2)) < 0.5,
                       "A hump's top is nearly flat here: does the curvature tell its width?");
}

TEST_CASE("the score") {
  double mean = 0;
  for (const double x : {-0.5, 0.2, 0.6, 1.2, 2.5}) mean += gap(x, guess(x)) / 5;
  teacher::score_at_most("mean gap in nats", mean, 0.03);
}

TEST_CASE("as the question says", "[.told]") {
  // The two tops of log p(x, z) at x = 2.5, each as wide as the curvature there says.
  const double x = 2.5, mean = std::sqrt(x - noise * noise / 2);
  const double scale = noise / (2 * mean);
  const Matrix3Xd one{{1.0}, {mean}, {scale}};
  const Matrix3Xd two{{0.5, 0.5}, {mean, -mean}, {scale, scale}};
  teacher::told("0.69", gap(x, one) - gap(x, two));
}
