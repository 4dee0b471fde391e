#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::RowVectorXd;
using Eigen::Vector2d;

RowVectorXd density_of_codes(const MatrixXd& codes, const MatrixXd& points);

namespace {

/// Numbers that are the same everywhere: uniform, and normal by Box and Muller.
struct Noise {
  std::mt19937_64 bits;
  double uniform() { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; }
  double normal() {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }
};

/// A ring that is not quite closed: the codes of pictures that turn.
Vector2d ring(Noise& noise) {
  const double angle = 0.85 * 2 * std::numbers::pi * noise.uniform();
  return (1 + 0.08 * noise.normal()) * Vector2d(std::cos(angle), std::sin(angle));
}

/// Five streaks with clefts between them: the codes of pictures of five kinds.
Vector2d streaks(Noise& noise) {
  constexpr double radius[] = {1, 0.6, 1.2, 0.8, 1}, slant[] = {1, 0.2, 2, 1.5, 0.7};
  const auto kind = static_cast<int>(5 * noise.uniform());
  const double at = 0.3 + kind * 0.4 * std::numbers::pi, turn = at + slant[kind];
  const double along = 0.3 * noise.normal(), across = 0.04 * noise.normal();
  return 8 * (radius[kind] * Vector2d(std::cos(at), std::sin(at)) +
              along * Vector2d(std::cos(turn), std::sin(turn)) +
              across * Vector2d(-std::sin(turn), std::cos(turn)));
}

struct Cloud {
  MatrixXd shown{2, 400}, unseen{2, 2000};
  Cloud(Vector2d (*draw)(Noise&), std::uint64_t seed) {
    Noise noise{std::mt19937_64(seed)};
    for (auto column : shown.colwise()) column = draw(noise);
    for (auto column : unseen.colwise()) column = draw(noise);
  }
};

const Cloud& ring_cloud() {
  static const Cloud cloud(ring, 4);
  return cloud;
}

/// Mean log-density of the unseen codes under the normal that is fitted to the shown ones.
double fitted_normal(const Cloud& cloud) {
  const Vector2d mean = cloud.shown.rowwise().mean();
  const MatrixXd away = cloud.shown.colwise() - mean;
  const Eigen::Matrix2d covariance = away * away.transpose() / static_cast<double>(away.cols());
  const MatrixXd from = cloud.unseen.colwise() - mean;
  const double distance =
      (from.array() * (covariance.inverse() * from).array()).colwise().sum().mean();
  return -0.5 * distance - 0.5 * std::log(covariance.determinant()) -
         std::log(2 * std::numbers::pi);
}

double gain(const Cloud& cloud) {
  return density_of_codes(cloud.shown, cloud.unseen).mean() - fitted_normal(cloud);
}

}  // namespace

TEST_CASE("a density everywhere") {
  const MatrixXd& codes = ring_cloud().shown;
  const RowVectorXd all = density_of_codes(codes, codes);
  teacher::expect_that("one number a point", all.cols() == codes.cols() && !all.hasNaN(),
                       "Is anything written yet? One number a point, and none of them nan.");
  for (int i = 0; i < 3; ++i) {
    // Tolerance: the same sums in another order.
    const double alone = density_of_codes(codes, codes.col(i))(0);
    teacher::expect_that("a point of many, asked about alone", std::abs(alone - all(i)) <= 1e-9,
                         "What it says is to hang on no other point: who carries your kernels?");
  }
  Eigen::Index rightmost = 0;
  codes.row(0).maxCoeff(&rightmost);
  const Vector2d outside = codes.col(rightmost) + Vector2d(0.02, 0);
  teacher::expect_that("just outside the box of all codes it was shown",
                       std::isfinite(density_of_codes(codes, outside)(0)),
                       "Nothing at all outside the box? The next code may well lie there.");
  teacher::expect_that(
      "a point far away", std::isfinite(density_of_codes(codes, 50 * outside)(0)),
      "Exponentials that all come to 0, and then a logarithm? Take the largest out first.");
}

TEST_CASE("a density of codes it was not shown") {
  const Cloud& cloud = ring_cloud();
  const double by_heart = density_of_codes(cloud.shown, cloud.shown).mean() -
                          density_of_codes(cloud.shown, cloud.unseen).mean();
  teacher::expect_that(
      "a ring: codes shown are at most 1 nat more plausible than others of the ring", by_heart <= 1,
      "Learned by heart: would a wider kernel know more of the others?");
  // The midpoint rule on [-4, 4]^2; a density that is not learned by heart is smooth enough for it.
  const int cells = 150;
  const double step = 8.0 / cells;
  MatrixXd grid(2, cells * cells);
  for (int i = 0; i < cells * cells; ++i) {
    grid.col(i) << -4 + (i % cells + 0.5) * step, -4 + (i / cells + 0.5) * step;
  }
  const double integral = density_of_codes(cloud.shown, grid).array().exp().sum() * step * step;
  // Tolerance: what a wide density has beyond the square, and the rule's error.
  teacher::expect(
      "a ring: the integral of the density", integral, 1, 0.02,
      {{integral, "A density adds up to one, over the whole plane: what do you divide by?"}});
}

TEST_CASE("the score") {
  teacher::score_at_least("nats a code above a fitted normal, the worse of ring and streaks",
                          std::min(gain(ring_cloud()), gain(Cloud(streaks, 5))), 1.2);
}
