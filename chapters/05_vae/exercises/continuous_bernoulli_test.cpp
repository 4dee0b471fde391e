#include <algorithm>
#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;

Eigen::RowVectorXd continuous_bernoulli(const MatrixXd& x, const MatrixXd& eta);

namespace {

/// log Z by the midpoint rule, on a scale where the largest value of e^(t eta) is 1.
double log_z(double eta) {
  constexpr int points = 20000;
  const double largest = std::max(eta, 0.0);
  double sum = 0;
  for (int i = 0; i < points; ++i) sum += std::exp((i + 0.5) / points * eta - largest);
  return largest + std::log(sum / points);
}

double coin(double eta) {
  return std::log(1 + std::exp(eta));
}

MatrixXd number(double value) {
  return MatrixXd::Constant(1, 1, value);
}

double one(double x, double eta) {
  return continuous_bernoulli(number(x), number(eta))(0);
}

void one_pixel(double x, double eta) {
  // Tolerance: the midpoint rule's error is eta^2 / 10^10 or so.
  teacher::expect(
      "one pixel of " + std::to_string(x) + ", eta " + std::to_string(eta),
      MatrixXd(continuous_bernoulli(number(x), number(eta))), number(x * eta - log_z(eta)), 1e-7,
      {{number(x * eta - coin(eta)),
        "That is a coin's softplus: it sums e^(t eta) over t = 0 and t = 1, and leaves out all the "
        "greys between."},
       {number(x * eta + log_z(eta)),
        "The sign of log Z: p is divided by Z, that it may integrate to 1."}});
}

}  // namespace

TEST_CASE("one pixel") {
  one_pixel(0.5, 1);
  one_pixel(1, 2);
  one_pixel(0.3, -4);
  one_pixel(0.9, 20);
}

TEST_CASE("three pixels, two pictures") {
  MatrixXd x(3, 2), eta(3, 2), right = MatrixXd::Zero(1, 2);
  x << 1, 0.5, 0, 0, 0.2, 1;
  eta << 0.3, -1, 2, 4, -3, 0.5;
  for (int c = 0; c < 2; ++c) {
    for (int r = 0; r < 3; ++r) right(c) += x(r, c) * eta(r, c) - log_z(eta(r, c));
  }
  teacher::expect("3 pixels, 2 pictures", continuous_bernoulli(x, eta), right, 1e-7,
                  {{right / 3,
                    "Averaged over the pixels: they are independent given the code, so their "
                    "logarithms add."}});
}

TEST_CASE("uniform") {
  teacher::expect_that("eta = 0: a finite number", std::isfinite(one(0.7, 0)),
                       "Is this 0/0? The integral of e^0 from 0 to 1 has a value.");
  teacher::expect("eta = 0: the uniform density", one(0.7, 0), 0, 1e-12);
}

TEST_CASE("far out") {
  for (const double eta : {800.0, -800.0}) {
    const std::string where = "eta " + std::to_string(int(eta));
    teacher::expect_that(where + ": a finite number", std::isfinite(one(0.5, eta)),
                         "A power of e overflows on the way, or comes back as 0 or infinity: take "
                         "the largest one out of the integral first.");
    // At the brighter end p = |eta| / (1 - e^-|eta|), and e^-800 is 0 in a double.
    teacher::expect(where + ", at the end it leans to", one(eta > 0 ? 1 : 0, eta), std::log(800),
                    1e-9);
  }
}

TEST_CASE("nearly uniform") {
  // log Z = eta / 2 + O(eta^2): to first order log p = (x - 1/2) eta, here 4e-10. Rounding 1 - e^-a
  // to sixteen digits would be an error of 1e-7 of it, and in log p too.
  const double eta = 1e-9, got = one(0.9, eta);
  teacher::expect_that("eta = 0.000000001, x = 0.9: log p = 0.4 eta",
                       std::abs(got - 0.4 * eta) < 1e-12,
                       "Here something cancels: a difference of two numbers near 1 keeps few of "
                       "its digits.");
}
