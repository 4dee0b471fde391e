#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;

Eigen::RowVectorXd bernoulli_from_logits(const MatrixXd& x, const MatrixXd& logits);

namespace {

const char* const twice =
    "That is what comes of a sigmoid twice: the decoder hands over logits, not probabilities.";
const char* const only_white =
    "Only the white part of each pixel is paid for: what does a coin say when it falls black?";

/// x log p + (1 - x) log q, with p and q each from its own quotient, for logits of moderate size.
double by_probabilities(double x, double logit) {
  const double p = 1 / (1 + std::exp(-logit)), q = 1 / (1 + std::exp(logit));
  return x * std::log(p) + (1 - x) * std::log(q);
}

double sigmoid(double a) {
  return 1 / (1 + std::exp(-a));
}

double one(double x, double logit) {
  return bernoulli_from_logits(MatrixXd::Constant(1, 1, x), MatrixXd::Constant(1, 1, logit))(0);
}

void one_pixel(double x, double logit) {
  const auto number = [](double value) { return MatrixXd::Constant(1, 1, value); };
  // Tolerance: some roundings of numbers near 1.
  teacher::expect("one pixel of " + std::to_string(x) + ", logit " + std::to_string(logit),
                  MatrixXd(bernoulli_from_logits(number(x), number(logit))),
                  number(by_probabilities(x, logit)), 1e-12,
                  {{number(by_probabilities(x, sigmoid(logit))), twice},
                   {number(x * std::log(sigmoid(logit))), only_white}});
}

}  // namespace

TEST_CASE("one pixel") {
  one_pixel(1, 0);
  one_pixel(1, 2);
  one_pixel(0, 2);
  one_pixel(0.25, -1.5);
}

TEST_CASE("three pixels, two pictures") {
  MatrixXd x(3, 2), logits(3, 2), right = MatrixXd::Zero(1, 2);
  x << 1, 0.5, 0, 0, 0.2, 1;
  logits << 0.3, -1, 2, 4, -3, 0;
  for (int c = 0; c < 2; ++c) {
    for (int r = 0; r < 3; ++r) right(c) += by_probabilities(x(r, c), logits(r, c));
  }
  teacher::expect("3 pixels, 2 pictures", bernoulli_from_logits(x, logits), right, 1e-12,
                  {{right / 3,
                    "Averaged over the pixels: they are independent given the code, so their "
                    "logarithms add."}});
}

TEST_CASE("a decoder that is sure") {
  // e^-40 is 4e-18: to all digits of a double, a black pixel costs 40 nats here.
  const double surprised = one(0, 40);
  teacher::expect_that("a black pixel, logit 40: a finite number", std::isfinite(surprised),
                       "By way of p this takes the logarithm of 1 - 1. Can log(1 - p) be had "
                       "from the logit?");
  teacher::expect_that("a black pixel, logit 40: -40 nats", std::abs(surprised + 40) < 1e-12,
                       "Finite, and not -40: was p clipped? Then all bad mistakes cost the same, "
                       "and no gradient mends them.");
  teacher::expect_that("a black pixel, logit 800: a finite number", std::isfinite(one(0, 800)),
                       "Was e^800 computed on the way? It is more than a double can hold.");
  // Exact, since e^-800 is 0 in a double; the tolerance is for 800's last digits.
  teacher::expect("a black pixel, logit 800", one(0, 800), -800, 1e-9);
  teacher::expect("a white pixel, logit 800", one(1, 800), 0, 1e-9);
  teacher::expect("a white pixel, logit -800", one(1, -800), -800, 1e-9);
  teacher::expect("a black pixel, logit -800", one(0, -800), 0, 1e-9);
}
