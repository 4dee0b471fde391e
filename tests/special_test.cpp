// The special functions: their textbook formulas where those hold, their limits where they do not.
#include "elbo/special.hpp"

#include <limits>
#include <vector>

#include "check.hpp"
#include "gradient_check.hpp"

using namespace elbo;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// The oracles: the textbook formulas in long double, whose exponent range takes e^700 with ease.
long double naive_sigmoid(long double a) {
  return 1.0L / (1.0L + std::exp(-a));
}
long double naive_softplus(long double a) {
  return std::log(1.0L + std::exp(a));
}
long double naive_log1m_exp(long double a) {
  return std::log(1.0L - std::exp(a));
}

// A few roundings of a double; the naive formulas have 11 bits more.
constexpr double few_roundings = 4 * std::numeric_limits<double>::epsilon();

double difference_quotient(double (*f)(double), double a) {
  return finite_difference([f](const Vector<double>& x) { return f(x(0)); },
                           Vector<double>::Constant(1, a))(0);
}

}  // namespace

TEST_CASE("the constant log 2 pi", "[special]") {
  CHECK_THAT(log_two_pi, WithinAbs(log_2pi, 1e-15));
}

TEST_CASE("sigmoid", "[special][eq:sigmoid]") {
  for (double a = -30; a <= 30; a += 0.37) {
    CHECK_THAT(sigmoid(a), WithinRel(static_cast<double>(naive_sigmoid(a)), few_roundings));
    CHECK_THAT(sigmoid(a) * sigmoid(-a), WithinAbs(difference_quotient(&sigmoid<double>, a), 1e-9));
    CHECK(sigmoid(a + 0.37) > sigmoid(a));
  }
  // Far out: a tiny number stays one, and nothing becomes NaN.
  CHECK_THAT(sigmoid(-700.0), WithinRel(std::exp(-700.0), few_roundings));
  CHECK((sigmoid(-1000.0) == 0.0 && sigmoid(1000.0) == 1.0 && sigmoid(0.0) == 0.5));
  CHECK_THAT(sigmoid(-80.0F), WithinRel(std::exp(-80.0F), 1e-6F));
  CHECK((sigmoid(-200.0F) == 0.0F && sigmoid(200.0F) == 1.0F));
}

TEST_CASE("softplus", "[special][eq:softplus]") {
  for (double a = -30; a <= 30; a += 0.37) {
    // Relative to the largest of the formula's own parts; far left, naive loses digits itself.
    CHECK_THAT(softplus(a),
               WithinAbs(static_cast<double>(naive_softplus(a)), 1e-15 + 1e-15 * std::abs(a)));
    CHECK_THAT(difference_quotient(&softplus<double>, a),
               WithinAbs(static_cast<double>(naive_sigmoid(a)), 1e-9));
    CHECK(softplus(a + 0.37) > softplus(a));
  }
  // Far left e^a, far right a: both with full relative accuracy.
  CHECK_THAT(softplus(-60.0), WithinRel(std::exp(-60.0), few_roundings));
  CHECK_THAT(softplus(-700.0), WithinRel(std::exp(-700.0), few_roundings));
  CHECK((softplus(1000.0) == 1000.0 && softplus(-1000.0) == 0.0));
  CHECK((softplus(200.0F) == 200.0F && softplus(-200.0F) == 0.0F));
  CHECK_THAT(softplus(0.0), WithinRel(std::log(2.0), few_roundings));
}

TEST_CASE("log1m_exp", "[special][eq:log1m-exp]") {
  // Relative accuracy on both sides of the branch at -log 2: by the naive formula where it has
  // digits to spare, by the series -e^a - e^2a/2 - e^3a/3 - ... where it has not.
  for (double a = -5; a < -0.05; a += 0.037) {
    CHECK_THAT(log1m_exp(a), WithinRel(static_cast<double>(naive_log1m_exp(a)), 2e-15));
    const double slope = -1.0 / (std::exp(-a) - 1.0);
    CHECK_THAT(difference_quotient(&log1m_exp<double>, a), WithinRel(slope, 1e-6));
  }
  for (double a = -40; a < -8; a += 0.37) {
    const double e = std::exp(a), series = -e * (1 + e * (1.0 / 2 + e * (1.0 / 3 + e / 4)));
    CHECK_THAT(log1m_exp(a), WithinRel(series, 2e-15));
  }
  // Where the naive formula has no digits left, the first terms of the series:
  // log(1 - e^a) = log(-a) + a/2 + O(a^2) near 0, and -e^a far below.
  CHECK_THAT(log1m_exp(-1e-12), WithinRel(std::log(1e-12) - 0.5e-12, few_roundings));
  CHECK_THAT(log1m_exp(-50.0), WithinRel(-std::exp(-50.0), few_roundings));
  CHECK_THAT(log1m_exp(-1e-6F), WithinRel(std::log(1e-6F), 1e-6F));
  CHECK_THAT(log1m_exp(-30.0F), WithinRel(-std::exp(-30.0F), 1e-6F));
  CHECK(log1m_exp(0.0) == -infinity);
  CHECK(log1m_exp(-1000.0) == 0.0);
  CHECK_THROWS_AS(log1m_exp(1e-9), std::domain_error);
}

TEST_CASE("log_sum_exp and log_mean_exp", "[special][eq:log-sum-exp][eq:log-mean-exp]") {
  Matrix<double> a(2, 3);  // unequal, the largest neither first nor last
  a << -3.1, 2.0, 0.4, 1.7, -20.0, 0.9;
  long double sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += std::exp(static_cast<long double>(a.data()[i]));
  const double expected = static_cast<double>(std::log(sum));
  CHECK_THAT(log_sum_exp(a), WithinAbs(expected, 1e-15));
  CHECK_THAT(log_mean_exp(a), WithinAbs(expected - std::log(6.0), 1e-15));

  // A common shift passes through, however far: there the naive sum is 0 or infinite.
  for (const double shift : {-1000.0, 1000.0, 1e5}) {
    const Matrix<double> shifted = a.array() + shift;
    CHECK_THAT(log_sum_exp(shifted) - shift, WithinAbs(expected, 2e-11));  // a rounding of 1e5
    CHECK_THAT(log_mean_exp(shifted) - shift, WithinAbs(expected - std::log(6.0), 2e-11));
  }
  // Its derivative is the softmax, which sums to 1.
  const Objective f = [](const Vector<double>& v) { return log_sum_exp(v); };
  const Vector<double> at = Vector<double>{{0.3, -1.0, 2.0, 1.9}};
  Vector<double> softmax(4);
  double total = 0;
  for (const double v : at) total += std::exp(v);
  for (Index i = 0; i < 4; ++i) softmax(i) = std::exp(at(i)) / total;
  check_gradient(f, at, softmax);
}

TEST_CASE("log_sum_exp at the edges", "[special][eq:log-sum-exp]") {
  CHECK(log_sum_exp(Vector<double>()) == -infinity);
  CHECK(log_sum_exp(Vector<double>{{-infinity, -infinity}}) == -infinity);
  CHECK_THAT(log_sum_exp(Vector<double>{{-infinity, 3.0}}), WithinAbs(3.0, 1e-15));
  CHECK(log_sum_exp(Vector<double>{{infinity, 3.0, -infinity}}) == infinity);
  CHECK(log_sum_exp(Vector<double>{{-1e308, -1e308}}) == -1e308);
  CHECK_THAT(log_sum_exp(Vector<float>{{100.0F, 100.0F}}),
             WithinRel(100.0F + std::log(2.0F), 1e-6F));
}
