#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::Vector2d;
using Target = std::function<double(const Vector2d& z, Vector2d& slope)>;
using Averages = Eigen::Array<double, 5, 1>;

MatrixXd worth_of_draws(const Target& target, int budget, const MatrixXd& eps,
                        const Eigen::RowVectorXd& u);

namespace {

/// An image of few pixels, each white with the logit w . z + b, and all of them white.
struct Image {
  MatrixXd w;
  Eigen::VectorXd b;

  double log_joint(const Vector2d& z, Vector2d& slope) const {
    double sum = -0.5 * z.squaredNorm();
    slope = -z;
    for (Eigen::Index i = 0; i < b.size(); ++i) {
      const double logit = w.col(i).dot(z) + b(i), small = std::exp(-std::abs(logit));
      sum += std::min(logit, 0.0) - std::log1p(small);
      slope += w.col(i) * (logit > 0 ? small / (1 + small) : 1 / (1 + small));
    }
    return sum;
  }
};

Image blank() {
  return {MatrixXd(2, 0), Eigen::VectorXd(0)};
}
Image tilted() {
  Image image{MatrixXd(2, 6), Eigen::VectorXd(6)};
  image.w << 3, -6, 5, 4, -7, 2, -4, 6, -5, -6, 5, -1;
  image.b << 0.5, 1, 0, 0.5, 1, 0;
  return image;
}
Image steep() {
  Image image{MatrixXd(2, 5), Eigen::VectorXd(5)};
  image.w << 2, -1, 3, 1, -2, 9, -8, 6, 9, -10;
  image.b << 1, 1, -0.5, 0, 1;
  return image;
}

Averages features(const Vector2d& z) {
  return Averages{z(0), z(1), z(0) * z(0), z(1) * z(1), z(0) * z(1)};
}

struct Moments {
  Averages mean = Averages::Zero(), variance = Averages::Zero();
};
Moments by_grid(const Image& image) {
  Moments result;
  Averages square = Averages::Zero();
  Vector2d unused;
  double total = 0;
  for (double a = -5; a <= 5; a += 0.05) {
    for (double b = -5; b <= 5; b += 0.05) {
      const double weight = std::exp(image.log_joint({a, b}, unused));
      const Averages value = features({a, b});
      total += weight;
      result.mean += weight * value;
      square += weight * value.square();
    }
  }
  result.mean /= total;
  result.variance = square / total - result.mean.square();
  return result;
}

/// What a hundred runs come to: errors in units of the posterior's standard deviation.
struct Runs {
  bool numbers = true;
  int calls = 0;
  Averages bias = Averages::Zero(), square = Averages::Zero();

  double worth() const { return 1 / square.maxCoeff(); }
};
Runs hundred_runs(const Image& image, decltype(worth_of_draws)& sampler = worth_of_draws) {
  constexpr int runs = 100, budget = 2000;
  std::mt19937_64 bits(7);
  const auto uniform = [&] { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; };
  const auto normal = [&] {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  };
  const Moments right = by_grid(image);
  Runs result;
  for (int run = 0; run < runs; ++run) {
    const MatrixXd eps = MatrixXd::NullaryExpr(2, budget, normal);
    const Eigen::RowVectorXd u = Eigen::RowVectorXd::NullaryExpr(budget, uniform);
    int calls = 0;
    const MatrixXd draws = sampler(
        [&](const Vector2d& z, Vector2d& slope) { return ++calls, image.log_joint(z, slope); },
        budget, eps, u);
    result.calls = std::max(result.calls, calls);
    result.numbers &= draws.rows() == 2 && draws.cols() > 0 && draws.allFinite();
    if (!result.numbers) break;
    Averages mean = Averages::Zero();
    for (Eigen::Index i = 0; i < draws.cols(); ++i) mean += features(draws.col(i));
    const Averages error =
        (mean / static_cast<double>(draws.cols()) - right.mean) / right.variance.sqrt();
    result.bias += error / runs;
    result.square += error.square() / runs;
  }
  return result;
}

/// A bias of 0.05 of a standard deviation (a start at 0 is forgiven), and four standard errors.
Averages unexplained(const Runs& runs) {
  return runs.bias.abs() - 0.05 - 4 * (runs.square - runs.bias.square()).max(0).sqrt() / 10;
}

/// The chain of elbo/hmc.hpp from 0, without the library, which takes minutes to build.
MatrixXd plain_chain(const Target& target, int budget, const MatrixXd& eps,
                     const Eigen::RowVectorXd& u) {
  const double step = 0.1;
  const int steps = 10, moves = (budget - 1) / steps;  // the start costs a call
  Vector2d z = Vector2d::Zero(), slope;
  double log_density = target(z, slope);
  MatrixXd draws(2, moves);
  for (int move = 0; move < moves; ++move) {
    Vector2d end = z, end_slope = slope, momentum = eps.col(move);
    double end_log_density = log_density;
    for (int s = 0; s < steps; ++s) {
      momentum += 0.5 * step * end_slope;
      end += step * momentum;
      end_log_density = target(end, end_slope);
      momentum += 0.5 * step * end_slope;
    }
    const double slowed = 0.5 * (eps.col(move).squaredNorm() - momentum.squaredNorm());
    if (std::log(u(move)) < end_log_density - log_density + slowed) {
      z = end, slope = end_slope, log_density = end_log_density;
    }
    draws.col(move) = z;
  }
  return draws;
}

}  // namespace

TEST_CASE("without pixels the posterior is the prior") {
  const Runs runs = hundred_runs(blank());
  teacher::expect_that("the draws are numbers, one column each", runs.numbers,
                       "Two rows, at least one column, and no NaN: is anything written yet?");
  teacher::expect_that("2000 calls of the target", runs.calls <= 2000,
                       "More calls than the budget. A move of ten leapfrog steps costs ten.");
  const double wide = runs.bias.segment(2, 2).maxCoeff();
  teacher::expect_that("an image without pixels, the spread of N(0, I)",
                       unexplained(runs).maxCoeff() <= 0 || wide < 0.25,
                       "The draws spread far too wide, in all runs alike: is every move taken?");
  teacher::expect_that(
      "an image without pixels, the averages of N(0, I)", unexplained(runs).maxCoeff() <= 0,
      "The averages settle beside the exact ones: where a move is refused, does the "
      "chain's old place count again?");
}

TEST_CASE("two images") {
  double worst = INFINITY;
  for (const Image& image : {tilted(), steep()}) {
    const Runs runs = hundred_runs(image);
    teacher::expect_that("an image: the draws are numbers", runs.numbers,
                         "Some draws are not numbers.");
    teacher::expect_that("an image: 2000 calls of the target", runs.calls <= 2000,
                         "More calls than the budget.");
    teacher::expect_that(
        "an image: the averages of its posterior", unexplained(runs).maxCoeff() <= 0,
        "The averages settle beside the exact ones, though the prior came out right: this "
        "posterior is no normal. What corrects your draws?");
    worst = std::min(worst, runs.worth());
  }
  teacher::score_at_least("independent draws that 2000 calls are worth", worst, 400);
}

TEST_CASE("as the question says", "[.told]") {
  double worst = INFINITY;
  for (const Image& image : {tilted(), steep()}) {
    worst = std::min(worst, hundred_runs(image, plain_chain).worth());
  }
  // "some": to the nearest five. Another hundred runs would differ by more.
  teacher::told("75", worst, 2.5);
}
