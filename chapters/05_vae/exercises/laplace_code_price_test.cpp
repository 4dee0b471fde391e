#include <cmath>
#include <numbers>

#include "teacher.hpp"

using Eigen::MatrixXd;

Eigen::RowVectorXd laplace_code_price(const MatrixXd& mean, const MatrixXd& log_variance);

namespace {

/// The average of f(z, log q(z)) under a normal, by the midpoint rule: no closed form in it.
template <class F>
double average(double mean, double scale, F f) {
  constexpr int points = 10000;
  const double reach = 12 * scale, step = 2 * reach / points;
  double sum = 0;
  for (int i = 0; i < points; ++i) {
    const double z = mean - reach + (i + 0.5) * step, far = (z - mean) / scale;
    const double log_q = -0.5 * (far * far + std::log(2 * std::numbers::pi)) - std::log(scale);
    sum += std::exp(log_q) * f(z, log_q) * step;
  }
  return sum;
}

double price(double mean, double scale) {
  return average(mean, scale,
                 [](double z, double log_q) { return log_q - std::log(0.5) + std::abs(z); });
}

double distance(double mean, double scale) {
  return average(mean, scale, [](double z, double) { return std::abs(z); });
}

MatrixXd number(double value) {
  return MatrixXd::Constant(1, 1, value);
}

void one_dimension(double mean, double scale) {
  const double right = price(mean, scale);
  const double no_root = mean * (std::erf(mean / scale) - std::erf(mean / scale / std::sqrt(2.0)));
  // Tolerance: at the corner of |z| the midpoint rule loses step^2 q(0) / 4 at most, 2e-6 here.
  teacher::expect(
      "mean " + std::to_string(mean) + ", scale " + std::to_string(scale),
      MatrixXd(laplace_code_price(number(mean), number(2 * std::log(scale)))), number(right), 1e-5,
      {{number(right - distance(mean, scale) + std::abs(mean)),
        "|mean| is not the average of |z|: z is on both sides of the mean, and |.| has a corner."},
       {number(right - std::log(2)), "log 2 too little: does e^-|z| integrate to one?"},
       {number(price(mean, scale * scale)),
        "Did you read log_variance as the logarithm of the scale?"},
       {number(right + no_root),
        "std::erf(t) integrates e^(-t^2), and a normal is made of e^(-z^2 / 2): what becomes of "
        "the sqrt 2?"},
       {number(right + 0.5),
        "1/2 too much: the entropy of a normal is half of log(2 pi e s^2), with an e in it."}});
}

}  // namespace

TEST_CASE("one dimension") {
  one_dimension(0, 1);
  one_dimension(1, 1);
  one_dimension(-2, 0.5);
  one_dimension(0.3, 2);
}

TEST_CASE("three dimensions, two samples") {
  MatrixXd mean(3, 2), scale(3, 2), right = MatrixXd::Zero(1, 2);
  mean << 0.3, -1, 2, 0.1, 0, 0;
  scale << 1, 0.5, 2, 1.5, 0.8, 1;
  for (int c = 0; c < 2; ++c) {
    for (int r = 0; r < 3; ++r) right(c) += price(mean(r, c), scale(r, c));
  }
  teacher::expect(
      "3 dimensions, 2 samples", laplace_code_price(mean, 2 * scale.array().log()), right, 1e-5,
      {{right / 3, "Averaged over the dimensions: independent parts of a code are paid in sum."}});
}

TEST_CASE("far out, and narrow") {
  one_dimension(30, 0.01);
  one_dimension(-30, 3);
  // The corner is 10^40 scales away, so |z| is 1 on average. Tolerance: roundings of log s.
  const double got = laplace_code_price(number(-1), number(-2 * std::log(1e40)))(0);
  const double entropy = 0.5 * (1 + std::log(2 * std::numbers::pi)) - std::log(1e40);
  teacher::expect("mean -1, scale 1e-40", got, std::log(2) + 1 - entropy, 1e-10);
}
