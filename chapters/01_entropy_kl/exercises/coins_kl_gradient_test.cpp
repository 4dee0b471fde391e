#include <cmath>
#include <utility>

#include "teacher.hpp"

using Eigen::MatrixXd;

std::pair<MatrixXd, MatrixXd> coins_kl_gradient(const MatrixXd& q_logits, const MatrixXd& p_logits);

namespace {

double chance(double logit) {
  return 1 / (1 + std::exp(-logit));
}

/// One coin, by listing how it can fall: heads and tails.
double kl_by_listing(double q_logit, double p_logit) {
  const double q = chance(q_logit), p = chance(p_logit);
  return q * std::log(q / p) + (1 - q) * std::log((1 - q) / (1 - p));
}

/// The difference quotient over 2e-4, rounded to seven digits after the point: it is good to eight.
double slope(auto f, double x) {
  const double quotient = (f(x + 1e-4) - f(x - 1e-4)) / 2e-4;
  return std::round(1e7 * quotient) / 1e7 + 0.0;  // and no -0
}

MatrixXd slope_by_q(const MatrixXd& q, const MatrixXd& p) {
  return q.binaryExpr(p, [](double a, double b) {
    return slope([b](double moved) { return kl_by_listing(moved, b); }, a);
  });
}

MatrixXd slope_by_p(const MatrixXd& q, const MatrixXd& p) {
  return q.binaryExpr(p, [](double a, double b) {
    return slope([a](double moved) { return kl_by_listing(a, moved); }, b);
  });
}

void coins(const std::string& where, const MatrixXd& q, const MatrixXd& p) {
  const auto [by_q, by_p] = coins_kl_gradient(q, p);
  const MatrixXd right_q = slope_by_q(q, p), right_p = slope_by_p(q, p);
  // Tolerance: what a difference quotient and its rounding are off by, and a little room.
  teacher::expect(where + ", by the logits of q", by_q, right_q, 1e-6,
                  {{right_q + q.unaryExpr(&chance),
                    "Too much by the chance of heads: what is the slope of softplus?"},
                   {MatrixXd::Zero(q.rows(), q.cols()),
                    "No slope at all: did you hold sigmoid(q) still? The weights of the average "
                    "belong to q and move with it."},
                   {q - p,
                    "That is the slope by the chance of heads. By the logit there is one more "
                    "factor: how does the chance move with it?"},
                   {slope_by_p(p, q), "That is the slope of KL(p || q): who draws the coins?"}});
  teacher::expect(where + ", by the logits of p", by_p, right_p, 1e-6,
                  {{-right_p,
                    "Uphill and downhill are exchanged: if p believes too much in heads, should "
                    "the divergence grow or fall with its logit?"},
                   {slope_by_q(p, q), "That is the slope of KL(p || q): who draws the coins?"}});
}

}  // namespace

TEST_CASE("one coin") {
  coins("q and p at logit 0.5", MatrixXd::Constant(1, 1, 0.5), MatrixXd::Constant(1, 1, 0.5));
  coins("q at logit 1, p at 0", MatrixXd::Constant(1, 1, 1), MatrixXd::Zero(1, 1));
  coins("q at logit -2, p at 0.5", MatrixXd::Constant(1, 1, -2), MatrixXd::Constant(1, 1, 0.5));
}

TEST_CASE("three coins, two samples") {
  MatrixXd q(3, 2), p(3, 2);
  q << 0.3, -1, 2, 0.1, 0, -3;
  p << 1, 0.5, -2, 1.5, 0.8, 1;
  coins("3 coins, 2 samples", q, p);
}

TEST_CASE("coins that are certain") {
  MatrixXd q(2, 1), p(2, 1), right_q(2, 1), right_p(2, 1);
  q << 800, -800;
  p << -800, 800;
  right_q << 0, 0;  // 1600 e^-800
  right_p << -1, 1;
  const auto [by_q, by_p] = coins_kl_gradient(q, p);
  teacher::expect_that("logits 800 and -800: finite", by_q.allFinite() && by_p.allFinite(),
                       "e^800 overflows, and infinity / infinity is not a number. Can the exponent "
                       "be kept where overflow does no harm?");
  teacher::expect("logits 800 and -800, by the logits of q", by_q, right_q, 1e-12);
  teacher::expect("logits 800 and -800, by the logits of p", by_p, right_p, 1e-12);
}
