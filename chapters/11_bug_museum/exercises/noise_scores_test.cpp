#include <cmath>
#include <numbers>
#include <random>

#include "teacher.hpp"

using Eigen::MatrixXd, Eigen::Vector2d;

Vector2d noise_scores(const MatrixXd& noise);

namespace {

/// The expectation of eps^power under N(0, 1), by the midpoint rule.
double moment(int power) {
  double sum = 0;
  for (double e = -12 + 0.0005; e < 12; e += 0.001) {
    sum += 0.001 * std::pow(e, power) * std::exp(-0.5 * e * e) / std::sqrt(2 * std::numbers::pi);
  }
  return sum;
}

/// A sum of eps^power, less its expectation, over the root of its variance.
double score(const MatrixXd& noise, int power, double variance) {
  const double expected = moment(power);
  double distance = 0;
  for (const double e : noise.reshaped()) distance += std::pow(e, power) - expected;
  return distance / std::sqrt(static_cast<double>(noise.size()) * variance);
}

void check(const std::string& where, const MatrixXd& noise) {
  const double n = static_cast<double>(noise.size()), mean = noise.mean();
  const double variance = moment(4) - moment(2) * moment(2);
  const Vector2d right(score(noise, 1, moment(2)), score(noise, 2, variance));
  const double spread = std::sqrt(noise.squaredNorm() / n - mean * mean);
  const double around = right(1) - n * mean * mean / std::sqrt(n * variance);
  // Tolerance: the midpoint rule and rounding.
  teacher::expect(where, MatrixXd(noise_scores(noise)), MatrixXd(right), 1e-6,
                  {{right / std::sqrt(n),
                    "A score must grow with the number of numbers that are "
                    "off: how does a sum of n terms scatter?"},
                   {Vector2d(right(0), right(1) * std::sqrt(variance)),
                    "Is the variance of a square 1? E[eps^4] says how far squares scatter."},
                   {Vector2d(right(0) / spread, right(1)),
                    "Measured by the numbers' own spread, noise of any scale looks right. The "
                    "scale is given: 1."},
                   {Vector2d(right(0), around),
                    "The squares are taken around their own mean. The expectation is given: 0."}});
}

/// Box and Muller, from the same numbers on every machine.
MatrixXd normal(Eigen::Index rows, Eigen::Index cols) {
  std::mt19937_64 random(1);
  const auto uniform = [&] {
    return (static_cast<double>(random() >> 11) + 0.5) / 9007199254740992.0;
  };
  MatrixXd eps(rows, cols);
  for (double& e : eps.reshaped()) {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    e = radius * std::cos(2 * std::numbers::pi * uniform());
  }
  return eps;
}

}  // namespace

TEST_CASE("a few numbers") {
  MatrixXd two(1, 2), four(2, 2);
  two << 0.5, 1.5;
  check("the numbers 0.5 and 1.5", two);
  four << 0.3, -1.1, 0.8, 2;
  check("four numbers", four);
}

TEST_CASE("the museum's noises") {
  const MatrixXd right = normal(20, 250);
  MatrixXd uniform(20, 250);
  for (Eigen::Index i = 0; i < 5000; ++i) uniform(i) = (static_cast<double>(i) + 0.5) / 5000;
  check("5000 normal numbers", right);
  teacher::expect_that("normal numbers pass", noise_scores(right).cwiseAbs().maxCoeff() < 5,
                       "Right noise is to score within a few units.");
  check("5000 numbers of a hundredth of the scale", 0.01 * right);
  check("5000 uniform numbers", uniform);
  teacher::expect_that("and these two do not",
                       std::abs(noise_scores(0.01 * right)(1)) > 20 &&
                           noise_scores(uniform).cwiseAbs().minCoeff() > 20,
                       "False noise is to score far from 0.");
}
