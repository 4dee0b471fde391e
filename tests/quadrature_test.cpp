// The oracle of the other tests: integrals known in closed form.
#include "elbo/quadrature.hpp"

#include "check.hpp"

using namespace elbo;

namespace {

double normal_density(double x) {
  return std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::numbers::pi);
}

}  // namespace

TEST_CASE("the trapezoidal rule is exact for straight lines and no better", "[quadrature]") {
  const auto line = [](double x) { return 3.0 * x - 1.0; };  // on [2, 5]: 63/2 - 3
  for (const int points : {1, 2, 3, 10}) {
    CHECK_THAT(integrate(line, 2.0, 5.0, points), WithinAbs(28.5, 1e-13));
  }
  // On x^2 the error is h^2 (b - a) / 6: the number of intervals counts, not of points.
  for (const int points : {1, 3, 10}) {
    const double error = integrate([](double x) { return x * x; }, 0.0, 1.0, points) - 1.0 / 3.0;
    CHECK_THAT(error, WithinAbs(1.0 / (6.0 * points * points), 1e-14));
  }
}

TEST_CASE("moments of the normal", "[quadrature]") {
  double expected = 1;  // E x^k = (k - 1)!! for even k, 0 for odd
  for (int k = 0; k <= 8; ++k) {
    if (k > 0 && k % 2 == 0) expected *= k - 1;
    const auto f = [k](double x) { return std::pow(x, k) * normal_density(x); };
    CHECK_THAT(integrate(f, -14.0, 14.0), WithinAbs(k % 2 == 0 ? expected : 0.0, 1e-12));
  }
}

TEST_CASE("exponential accuracy for functions that die out", "[quadrature]") {
  // Error 2 exp(-2 pi^2 / h^2): 5e-9 at a spacing of one scale, none to speak of at half.
  CHECK_THAT(integrate(normal_density, -10.0, 10.0, 20), WithinAbs(1.0, 1e-8));
  CHECK_THAT(integrate(normal_density, -10.0, 10.0, 40), WithinAbs(1.0, 1e-15));
  CHECK(std::abs(integrate(normal_density, -10.0, 10.0, 10) - 1.0) > 1e-4);
}

TEST_CASE("a rectangle", "[quadrature]") {
  // Linear in each, unlike in x and y, over unlike intervals: (x + x^2)|_1^3 * (3y + 5y^2/2)|_-2^2.
  const auto f = [](double x, double y) { return (1.0 + 2.0 * x) * (3.0 + 5.0 * y); };
  CHECK_THAT(integrate2(f, 1.0, 3.0, -2.0, 2.0, 7), WithinAbs(10.0 * 12.0, 1e-12));
  const auto g = [](double x, double y) {
    return x * x * normal_density(x) * normal_density(y - 1);
  };
  CHECK_THAT(integrate2(g, -10.0, 10.0, -9.0, 11.0), WithinAbs(1.0, 1e-12));
}

TEST_CASE("what integrate refuses", "[quadrature]") {
  const auto one = [](double) { return 1.0; };
  CHECK_THROWS_AS(integrate(one, 1.0, 1.0), std::invalid_argument);
  CHECK_THROWS_AS(integrate(one, 2.0, 1.0), std::invalid_argument);
  CHECK_THROWS_AS(integrate(one, std::nan(""), 1.0), std::invalid_argument);
  CHECK_THROWS_AS(integrate(one, 0.0, 1.0, 0), std::invalid_argument);
}

TEST_CASE("textbook densities integrate to 1 and have their moments",
          "[quadrature][eq:normal-density][eq:normal-density-plane]") {
  // Moments of N(0.7, 0.4^2): mass, mean, variance. Spacing 0.005: exact to rounding.
  const auto moment = [](int power) {
    return elbo::integrate(
        [=](double x) {
          return std::pow(x - 0.7, power) * std::exp(elbo::textbook::log_normal(x, 0.7, 0.4));
        },
        -4.3, 5.7);
  };
  CHECK_THAT(moment(0), WithinAbs(1.0, 1e-12));
  CHECK_THAT(moment(1), WithinAbs(0.0, 1e-12));
  CHECK_THAT(moment(2), WithinAbs(0.16, 1e-12));

  // In the plane: mass, and the mixed moment, which a wrong sign off the diagonal would turn round.
  elbo::Vector<double> mean(2);
  mean << 0.3, -0.5;
  elbo::Matrix<double> s(2, 2);
  s << 0.9, 0.4, 0.4, 0.6;
  const auto plane = [&](int power) {
    return elbo::integrate2(
        [&](double x, double y) {
          const double density = std::exp(elbo::textbook::log_normal(x, y, mean, s));
          return density * std::pow((x - 0.3) * (y + 0.5), power);
        },
        -9, 9, -9, 9);
  };
  CHECK_THAT(plane(0), WithinAbs(1.0, 1e-10));
  CHECK_THAT(plane(1), WithinAbs(0.4, 1e-10));
}
