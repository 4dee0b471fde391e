#include <cmath>
#include <functional>
#include <random>

#include "teacher.hpp"

using Eigen::MatrixXd;

MatrixXd gumbel_softmax(const MatrixXd& logits, const MatrixXd& u, double temperature);

namespace {

/// Another way to the same: every face has an alarm clock that rings at rate e^logit, after the
/// time -log(u) / e^logit. Weigh each face by its time to the power -1 / temperature. No softmax,
/// no g.
MatrixXd by_clocks(const MatrixXd& logits, const MatrixXd& u, double temperature) {
  MatrixXd y = u;
  for (int c = 0; c < u.cols(); ++c) {
    double sum = 0;
    for (int r = 0; r < u.rows(); ++r) {
      sum += y(r, c) = std::pow(-std::log(u(r, c)) / std::exp(logits(r, c)), -1 / temperature);
    }
    y.col(c) /= sum;
  }
  return y;
}

/// The weights of a wrong answer: e to the `height` of each face, over their sum.
MatrixXd slipped(const MatrixXd& logits, const MatrixXd& u,
                 const std::function<double(double, double)>& height) {
  MatrixXd y = u;
  for (int c = 0; c < u.cols(); ++c) {
    for (int r = 0; r < u.rows(); ++r) y(r, c) = std::exp(height(logits(r, c), u(r, c)));
    y.col(c) /= y.col(c).sum();
  }
  return y;
}

double gumbel(double u) {
  return -std::log(-std::log(u));
}

void check(const std::string& where, const MatrixXd& logits, const MatrixXd& u, double t) {
  const MatrixXd right = by_clocks(logits, u, t);
  const auto with = [&](auto height) { return slipped(logits, u, height); };
  const MatrixXd probability = with([](double l, double) { return l; });
  // Tolerance: rounding, of numbers below 1.
  teacher::expect(
      where, gumbel_softmax(logits, u, t), right, 1e-11,
      {{probability, "The probabilities: where is the noise?"},
       {with([&](double l, double v) { return (l - gumbel(v)) / t; }),
        "The noise leans the wrong way: how many minus signs are there in g?"},
       {with([&](double l, double v) { return (l + gumbel(v)) * t; }),
        "Times the temperature: should a cold draw be flat, or nearly one-hot?"},
       {with([&](double l, double v) { return l / t + gumbel(v); }),
        "Only the logits were divided. Then the wrong face wins at times: what about the noise?"},
       {slipped(probability, u, [&](double l, double v) { return (l + gumbel(v)) / t; }),
        "Noise was added to probabilities: logits are logarithms of them."},
       {with([&](double l, double v) { return (l + v) / t; }),
        "That is uniform noise as it came: what makes it Gumbel noise?"},
       {right / static_cast<double>(right.cols()),
        "All draws share one sum: each column is to sum to one by itself."}});
}

}  // namespace

TEST_CASE("one draw, two faces") {
  MatrixXd logits(2, 1), u(2, 1);
  logits << 0, 0;
  u << 0.5, 0.2;
  check("equal logits, temperature 1", logits, u, 1);
  logits << 1, -0.5;
  check("logits 1 and -0.5, temperature 1", logits, u, 1);
  check("logits 1 and -0.5, temperature 0.5", logits, u, 0.5);
}

TEST_CASE("three draws, four faces") {
  MatrixXd logits(4, 3), u(4, 3);
  logits << 0.2, 1, -1, -2, 1, 0, 1.5, 0.3, 2, 0, -0.4, 0.6;
  u << 0.9, 0.1, 0.4, 0.7, 0.5, 0.2, 0.05, 0.6, 0.3, 0.8, 0.95, 0.15;
  check("4 faces, 3 draws, temperature 0.7", logits, u, 0.7);
  check("4 faces, 3 draws, temperature 2", logits, u, 2);
}

TEST_CASE("cold") {
  MatrixXd logits(3, 2), u(3, 2), right(3, 2);
  logits << 50, -900, 51, -905, -3, -910;
  u << 0.6, 0.5, 0.5, 0.5, 0.999, 0.5;
  right << 0, 1, 1, 0, 0, 0;  // 51.37 beats 50.67; equal noise leaves it to the logits
  const MatrixXd got = gumbel_softmax(logits, u, 0.001);
  teacher::expect_that("temperature 0.001 gives numbers", got.allFinite(),
                       "An exponential overflowed, or all vanished. What may be taken off every "
                       "entry of a column without changing its softmax?");
  // Tolerance: the runner-up is e^-690 behind.
  teacher::expect("temperature 0.001", got, right, 1e-12);
}

TEST_CASE("the largest face comes up with probability softmax(logits)") {
  const int n = 20000;
  const double logit[4] = {0, 1, -0.7, 0.4};
  MatrixXd logits(4, n), u(4, n), count = MatrixXd::Zero(4, 1), right(4, 1);
  std::mt19937_64 random(3);
  for (int c = 0; c < n; ++c) {
    for (int r = 0; r < 4; ++r) {
      logits(r, c) = logit[r];
      u(r, c) = (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53;
    }
  }
  const MatrixXd y = gumbel_softmax(logits, u, 0.3);
  for (int c = 0; c < n; ++c) {
    int largest = 0;
    y.col(c).maxCoeff(&largest);
    count(largest) += 1.0 / n;
  }
  double sum = 0;
  for (int r = 0; r < 4; ++r) sum += right(r) = std::exp(logit[r]);
  right /= sum;
  // Tolerance: five standard errors of a share, at most 5 sqrt(0.25 / n).
  teacher::expect("how often each of 4 faces is the largest of 20000 draws", count, right,
                  5 * std::sqrt(0.25 / n));
}
