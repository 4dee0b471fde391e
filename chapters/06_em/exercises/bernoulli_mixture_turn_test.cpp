#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;

void bernoulli_mixture_turn(const MatrixXd& x, double pseudo, VectorXd& shares, MatrixXd& on);

namespace {

/// Shares in row 0, the probabilities below.
MatrixXd turn(const MatrixXd& x, double pseudo, VectorXd shares, MatrixXd on) {
  bernoulli_mixture_turn(x, pseudo, shares, on);
  if (shares.size() != on.cols()) return on;
  MatrixXd both(on.rows() + 1, on.cols());
  both << shares.transpose(), on;
  return both;
}

/// Where a function with one hill has its top, between 0 and 1.
double top_of(auto f) {
  double low = 0, high = 1;
  while (high - low > 1e-12) {
    const double a = low + 0.382 * (high - low), b = high - 0.382 * (high - low);
    (f(a) < f(b) ? low : high) = f(a) < f(b) ? a : b;
  }
  return (low + high) / 2;
}

/// A turn for two sources: Bayes' rule with products, then each parameter's top searched for.
MatrixXd by_search(const MatrixXd& x, double pseudo, const VectorXd& shares, const MatrixXd& on,
                   bool with_shares = true, bool with_blacks = true) {
  const auto n = static_cast<int>(x.cols());
  MatrixXd r(2, n), both(x.rows() + 1, 2);
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < 2; ++k) {
      r(k, i) = with_shares ? shares(k) : 1;
      for (int d = 0; d < x.rows(); ++d) {
        r(k, i) *= x(d, i) > 0 ? on(d, k) : with_blacks ? 1 - on(d, k) : 1;
      }
    }
    r.col(i) /= r(0, i) + r(1, i);
  }
  both(0, 0) = top_of([&](double p) {
    double sum = 0;
    for (int i = 0; i < n; ++i) sum += r(0, i) * std::log(p) + r(1, i) * std::log(1 - p);
    return sum;
  });
  both(0, 1) = 1 - both(0, 0);
  for (int k = 0; k < 2; ++k) {
    for (int d = 0; d < x.rows(); ++d) {
      both(d + 1, k) = top_of([&](double p) {
        double sum = pseudo * std::log(p) + pseudo * std::log(1 - p);
        for (int i = 0; i < n; ++i) sum += r(k, i) * std::log(x(d, i) > 0 ? p : 1 - p);
        return sum;
      });
    }
  }
  return both;
}

void two_sources(const std::string& where, const MatrixXd& x, double pseudo, const VectorXd& shares,
                 const MatrixXd& on) {
  const MatrixXd right = by_search(x, pseudo, shares, on);
  const auto n = static_cast<double>(x.cols());
  // Another fraction in place of the right one, written with its upper and its lower half.
  const auto fraction = [&](auto change) {
    MatrixXd wrong = right;
    for (int k = 0; k < 2; ++k) {
      const double count = n * right(0, k), below = count + 2 * pseudo;
      for (int d = 1; d < right.rows(); ++d)
        wrong(d, k) = change(right(d, k) * below, below, count);
    }
    return wrong;
  };
  MatrixXd shares_too = right;
  shares_too.row(0) = (n * right.row(0).array() + 2 * pseudo) / (n + 4 * pseudo);
  // Tolerance: a hill's top is flat; a search sees it to the root of the rounding.
  teacher::expect(
      where + " (shares in row 0, probabilities below)", turn(x, pseudo, shares, on), right, 1e-6,
      {{by_search(x, pseudo, shares, on, false),
        "Who is common and who is rare? The E-step forgets the shares."},
       {by_search(x, pseudo, shares, on, true, false),
        "A black pixel is evidence as well: does the E-step look at the zeros?"},
       {fraction(
            [&](double above, double below, double count) { return above / (below - count + n); }),
        "Pixels that are too dark: out of how many pictures is a source's average taken?"},
       {fraction([&](double above, double below, double) { return above / (below - pseudo); }),
        "Pseudo-counts of white, none of black: what does log(1 - on) add to the denominator?"},
       {fraction([](double above, double below, double) { return (above + 1) / (below + 2); }),
        "One count too many on each side: is that the top of the Beta's density, or its mean?"},
       {shares_too, "The shares are drawn to equality. Is there a prior on them?"}});
}

}  // namespace

TEST_CASE("two sources, no prior") {
  const MatrixXd x{{1, 1, 0, 0, 1}, {1, 0, 0, 1, 0}};
  two_sources("2 pixels, 5 pictures, equal shares", x, 0, VectorXd{{0.5, 0.5}},
              MatrixXd{{0.8, 0.3}, {0.6, 0.4}});
  two_sources("the same, shares 0.8 and 0.2", x, 0, VectorXd{{0.8, 0.2}},
              MatrixXd{{0.8, 0.3}, {0.6, 0.4}});
}

TEST_CASE("two sources, with a prior") {
  const MatrixXd x{{1, 1, 0, 0}, {1, 1, 1, 1}, {0, 1, 0, 0}};
  const MatrixXd on{{0.9, 0.2}, {0.5, 0.6}, {0.3, 0.4}};
  two_sources("pseudo 0.5, a pixel that is always white", x, 0.5, VectorXd{{0.3, 0.7}}, on);
  two_sources("pseudo 2", x, 2, VectorXd{{0.3, 0.7}}, on);
}

TEST_CASE("3000 pixels, three sources") {
  // Three pictures, shown once, twice and three times, each with a third of the pixels white.
  // Nobody takes one for another, so every source just counts.
  MatrixXd x = MatrixXd::Zero(3000, 6), on = MatrixXd::Constant(3000, 3, 0.4), right(3001, 3);
  for (int k = 0, first = 0; k < 3; first += ++k) {
    x.block(1000 * k, first, 1000, k + 1).setOnes();
    on.block(1000 * k, k, 1000, 1).setConstant(0.6);
    right.col(k).setConstant(0.5 / (k + 2));
    right.block(1000 * k + 1, k, 1000, 1).setConstant((k + 1.5) / (k + 2));
    right(0, k) = (k + 1) / 6.0;
  }
  const MatrixXd got = turn(x, 0.5, VectorXd::Constant(3, 1 / 3.0), on);
  teacher::expect_that("3000 pixels give numbers", got.allFinite(),
                       "0/0: a product of 3000 probabilities is 0 to a computer. What is its "
                       "logarithm?");
  // Tolerance: rounding.
  teacher::expect("3000 pixels, three sources (shares in row 0)", got, right, 1e-9);
}
