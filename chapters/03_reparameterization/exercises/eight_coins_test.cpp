#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Cost = std::function<double(const VectorXd& z)>;
using Method = VectorXd(const VectorXd& logits, const MatrixXd& u, const Cost& f);

Method eight_coins;

namespace {

constexpr int coins = 8, questions = 18;

struct Game {
  double offset, neighbours, own[coins], logit[coins];

  double cost(const double* z) const {
    double sum = offset;
    for (int i = 0; i < coins; ++i) sum += own[i] * z[i];
    for (int i = 0; i + 1 < coins; ++i) sum += z[i] == z[i + 1] ? 0 : neighbours;
    return sum;
  }

  double p(int i) const { return 1 / (1 + std::exp(-logit[i])); }

  /// E f by listing all 256 outcomes.
  double mean_cost() const {
    double mean = 0;
    for (int set = 0; set < 256; ++set) {
      double z[coins], share = 1;
      for (int i = 0; i < coins; ++i) z[i] = set >> i & 1, share *= z[i] == 1 ? p(i) : 1 - p(i);
      mean += share * cost(z);
    }
    return mean;
  }

  /// Its slopes by central differences, which err by some 1e-10.
  MatrixXd truth() const {
    MatrixXd slope(coins, 1);
    const double h = 1e-5;
    for (int i = 0; i < coins; ++i) {
      Game more = *this, less = *this;
      more.logit[i] += h, less.logit[i] -= h;
      slope(i) = (more.mean_cost() - less.mean_cost()) / (2 * h);
    }
    return slope;
  }
};

const Game games[] = {
    {5, 0.4, {2, -1.5, 1, -2, 1.5, -1, 2, -1}, {.4, -1, 0, 1.2, -.3, .8, -.6, .2}},
    {12, -0.5, {1, 2, 3, 1, -2, 1, -1, -3}, {-.5, .5, 1, -.2, 0, -1.2, .7, .3}}};

/// What many calls gave: their mean and how far they scatter, and what they asked for.
struct Calls {
  MatrixXd mean = MatrixXd::Zero(coins, 1);
  double squared_error = 0, standard_error = 0;
  int most_questions = 0;
  bool between = false;
};

Calls call(const Game& game, int calls, unsigned seed, Method& method = eight_coins) {
  Calls all;
  int asked = 0;
  const Cost f = [&](const VectorXd& z) {
    ++asked;
    const bool is_toss = z.size() == coins && (z.array() == 0 || z.array() == 1).all();
    if (!is_toss) all.between = true;
    return is_toss ? game.cost(z.data()) : NAN;
  };
  const MatrixXd truth = game.truth(), logits = Eigen::Map<const VectorXd>(game.logit, coins);
  std::mt19937_64 random(seed);
  MatrixXd u(coins, questions), square = MatrixXd::Zero(coins, 1);
  for (int n = 0; n < calls; ++n) {
    for (double& value : u.reshaped()) {
      value = (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53;
    }
    asked = 0;
    const VectorXd got = method(logits, u, f);
    all.most_questions = std::max(all.most_questions, asked);
    if (got.size() != coins) {
      all.mean.setConstant(NAN);
      return all;
    }
    all.mean += got / calls;
    square += (got - truth).cwiseAbs2() / calls;
  }
  all.squared_error = square.mean();
  all.standard_error = std::sqrt(square.maxCoeff() / calls);
  return all;
}

double score(Method& method) {
  return (call(games[0], 4000, 5, method).squared_error +
          call(games[1], 4000, 6, method).squared_error) /
         2;
}

/// The score function. The baseline of a toss is `share` of what all the others cost together.
VectorXd by_score(const VectorXd& logits, const MatrixXd& u, const Cost& f, double share) {
  const VectorXd p = 1 / (1 + (-logits.array()).exp());
  MatrixXd z = u;
  VectorXd cost(u.cols()), slope = VectorXd::Zero(coins);
  for (int c = 0; c < u.cols(); ++c) {
    z.col(c) = (u.col(c).array() < p.array()).cast<double>();
    cost(c) = f(z.col(c));
  }
  for (int c = 0; c < u.cols(); ++c) {
    slope += (cost(c) - share * (cost.sum() - cost(c))) * (z.col(c) - p) / questions;
  }
  return slope;
}

VectorXd as_it_stands(const VectorXd& logits, const MatrixXd& u, const Cost& f) {
  return by_score(logits, u, f, 0);
}

VectorXd with_a_baseline(const VectorXd& logits, const MatrixXd& u, const Cost& f) {
  return by_score(logits, u, f, 1.0 / (questions - 1));
}

}  // namespace

TEST_CASE("the rules") {
  const Calls one = call(games[0], 1, 1), some = call(games[1], 100, 2);
  teacher::expect_that(
      "f is asked about zeros and ones", !one.between && !some.between,
      "A coin shows 0 or 1. What is f worth at a point between, where no toss ends?");
  teacher::expect_that("f is asked at most 18 times",
                       std::max(one.most_questions, some.most_questions) <= questions,
                       "More than 18 questions a call: with a hundred coins nobody could list.");
  teacher::expect_that("eight numbers come back", one.mean.allFinite() && some.mean.allFinite(),
                       "Not eight numbers: is anything written yet?");
  teacher::expect_that(
      "the same u gives the same answer, whatever was asked between",
      call(games[0], 1, 1).mean == one.mean,
      "The same u and another answer: a call is to know what it is given, no more.");
}

TEST_CASE("a cost that no coin can change") {
  const Game flat{1000, 0, {}, {.4, -1, 0, 1.2, -.3, .8, -.6, .2}};
  // 1000 times a random direction would miss 0 by about 100; whatever takes the usual cost off
  // misses it by rounding.
  teacher::expect_that("every toss costs 1000, and the slope is 0",
                       call(flat, 100, 3).squared_error < 1,
                       "Here no coin matters, and your slopes are large. What may be taken off f?");
}

TEST_CASE("right on average") {
  for (const Game& game : games) {
    const Calls calls = call(game, 20000, 4);
    const MatrixXd truth = game.truth();
    MatrixXd in_p = truth;
    for (int i = 0; i < coins; ++i) in_p(i) /= game.p(i) * (1 - game.p(i));
    // Tolerance: five standard errors of the noisiest of the eight means.
    teacher::expect(
        "right on average, the mean of 20000 calls", calls.mean, truth,
        5 * calls.standard_error + 1e-9,
        {{truth * (questions - 1) / questions,
          "Short by 1/18: does a toss have a say in the baseline it is measured by?"},
         {in_p, "That is the slope in p, and the logit is what we turn: how fast does p follow?"}});
  }
}

TEST_CASE("the score") {
  teacher::score_at_most("mean squared error of one call", score(eight_coins), 0.01);
}

TEST_CASE("as the question says", "[.told]") {
  teacher::told("1.1", score(as_it_stands));
  teacher::told("0.07", score(with_a_baseline));
}
