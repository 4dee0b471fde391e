#include <cmath>
#include <numbers>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::RowVectorXd;

RowVectorXd counting_floor(const RowVectorXd& x, double weight, const RowVectorXd& mean,
                           const RowVectorXd& scale);

namespace {

/// One sample's floor by the midpoint rule, in its parts: averages under q, no closed form.
struct Parts {
  Parts(double x, double weight, double mean, double scale) {
    for (int k = 2; k <= x; ++k) log_factorial += std::log(k);
    const double half_log_2_pi = 0.5 * std::log(2 * std::numbers::pi), h = 0.01;
    for (double t = -12 + h / 2; t < 12; t += h) {
      const double z = mean + scale * t, log_unit = -t * t / 2 - half_log_2_pi;
      const double share = std::exp(log_unit) * h;
      linear += share * x * weight * z;
      rate += share * std::exp(weight * z);
      price += share * (log_unit - std::log(scale) - (-z * z / 2 - half_log_2_pi));
    }
  }
  double floor() const { return linear - rate - log_factorial - price; }
  double with_rate(double other) const { return floor() + rate - other; }

  double linear = 0, rate = 0, log_factorial = 0, price = 0;
};

void samples(const std::string& where, const RowVectorXd& x, double weight, const RowVectorXd& mean,
             const RowVectorXd& scale) {
  MatrixXd right(1, x.size()), at_mean = right, twice = right, linear = right;
  MatrixXd no_factorial = right, rewarded = right;
  for (int c = 0; c < x.size(); ++c) {
    const Parts parts(x(c), weight, mean(c), scale(c));
    const double plug_in = std::exp(weight * mean(c)), excess = parts.rate / plug_in;
    right(c) = parts.floor();
    at_mean(c) = parts.with_rate(plug_in);
    twice(c) = parts.with_rate(parts.rate * excess);
    linear(c) = parts.with_rate(plug_in * std::pow(excess, 1 / weight));
    no_factorial(c) = right(c) + parts.log_factorial;
    rewarded(c) = right(c) + 2 * parts.price;
  }
  // Tolerance: the midpoint rule of a smooth bell is right to rounding, of terms up to some 1000.
  teacher::expect(
      where, MatrixXd(counting_floor(x, weight, mean, scale)), right, 1e-8,
      {{at_mean, "The rate at the mean is not the mean rate: which way does exp bend?"},
       {twice, "The mean rate is too large: the mean of exp(y) has half the variance of y in it."},
       {linear, "How wide is weight z, if z has the width scale? Its variance is asked for."},
       {no_factorial, "log x! is missing: it moves no optimum, but without it this is no floor."},
       {rewarded, "The divergence from the prior is a price: is it taken away?"}});
}

}  // namespace

TEST_CASE("q is the prior") {
  samples("x = 0, weight 1, q = N(0, 1)", RowVectorXd{{0.0}}, 1, RowVectorXd{{0.0}},
          RowVectorXd{{1.0}});
}

TEST_CASE("a guess") {
  samples("x = 3, weight 0.7, q = N(0.9, 0.5^2)", RowVectorXd{{3.0}}, 0.7, RowVectorXd{{0.9}},
          RowVectorXd{{0.5}});
  samples("x = 2, weight -1.3, q = N(-0.4, 0.6^2)", RowVectorXd{{2.0}}, -1.3, RowVectorXd{{-0.4}},
          RowVectorXd{{0.6}});
}

TEST_CASE("four samples") {
  samples("4 samples, weight 1.5", RowVectorXd{{0, 1, 7, 20}}, 1.5, RowVectorXd{{-0.5, 0, 1.2, 2}},
          RowVectorXd{{0.8, 0.6, 0.3, 0.15}});
}

TEST_CASE("a large count") {
  const RowVectorXd x{{1000.0}}, mean{{3.44}}, scale{{0.016}};
  teacher::expect_that("x = 1000: the floor is a number",
                       counting_floor(x, 2, mean, scale).allFinite(),
                       "1000! is more than a double can hold: which function gives its logarithm?");
  samples("x = 1000, weight 2", x, 2, mean, scale);
}
