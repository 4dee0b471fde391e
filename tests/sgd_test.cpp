// Stochastic gradient descent: its step sizes, and what Robbins and Monro ask of them.
#include "elbo/sgd.hpp"

#include "check.hpp"
#include "elbo/random.hpp"

using namespace elbo;

namespace {

// The sizes of the first `count` steps.
std::vector<double> sizes(const SgdOptions& options, int count) {
  Sgd<double> sgd(options);
  Vector<double> theta = Vector<double>::Zero(1);
  const Vector<double> one = Vector<double>::Ones(1);
  std::vector<double> result;
  for (int t = 0; t < count; ++t) {
    const double before = theta(0), announced = sgd.next_step_size();
    sgd.step(theta, one);
    if (t < 100) CHECK_THAT(before - theta(0), WithinAbs(announced, 1e-12));
    result.push_back(announced);
  }
  return result;
}

}  // namespace

TEST_CASE("step sizes", "[sgd][eq:robbins-monro]") {
  const std::vector<double> got = sizes({.learning_rate = 0.3, .offset = 5.0, .power = 0.75}, 50);
  for (std::size_t t = 1; t <= got.size(); ++t) {
    const double expected = 0.3 / std::pow((5.0 + static_cast<double>(t)) / 5.0, 0.75);
    CHECK_THAT(got[t - 1], WithinRel(expected, 1e-14));
  }
  for (const double size : sizes({.learning_rate = 0.3, .offset = 5.0, .power = 0.0}, 5)) {
    CHECK(size == 0.3);
  }
}

TEST_CASE("the sums of the step sizes grow without end, those of their squares do not",
          "[sgd][eq:robbins-monro]") {
  // The sizes fall, so integrals over [1, T + 1] and [0, T] enclose their sum. With power 1 and
  // size f(t) = a t0 / (t0 + t) the integrals are logarithms; of the squares, a^2 t0^2 / (t0 + t).
  const double a = 0.3, t0 = 5.0;
  for (const int T : {1000, 100000}) {
    double sum = 0, squares = 0;
    for (const double size : sizes({.learning_rate = a, .offset = t0, .power = 1.0}, T)) {
      sum += size;
      squares += size * size;
    }
    CHECK(sum > a * t0 * std::log((t0 + T + 1) / (t0 + 1)));
    CHECK(sum < a * t0 * std::log((t0 + T) / t0));
    CHECK(squares < a * a * t0);
    CHECK(squares > a * a * t0 * t0 * (1 / (t0 + 1) - 1 / (t0 + T + 1)));
  }
}

TEST_CASE("with step sizes 1 / (1 + t), descent is the running mean", "[sgd][eq:robbins-monro]") {
  // The gradient of 1/2 |theta - x|^2 is theta - x, and theta - (theta - x) / (t + 1) averages: in
  // the end theta is the mean of where it started and all it saw.
  const Random random(82, Stream::play);
  Vector<double> theta{{4.0, -2.0}}, sum = theta;
  Sgd<double> sgd({.learning_rate = 1.0, .offset = 1.0, .power = 1.0});
  for (int t = 1; t <= 200; ++t) {
    const Vector<double> x = random.normal<double>(2, 1, static_cast<std::uint64_t>(2 * t));
    sgd.step(theta, theta - x);
    sum += x;
    CHECK(max_difference(theta, sum / (t + 1.0)) < 1e-13);
  }
}
