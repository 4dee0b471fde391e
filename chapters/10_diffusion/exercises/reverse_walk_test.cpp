#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <vector>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Guess = std::function<MatrixXd(const MatrixXd& xt, double alpha_bar)>;

MatrixXd reverse_walk(const VectorXd& beta, const Guess& guess, MatrixXd x,
                      const std::vector<MatrixXd>& noise);

namespace {

double left(const VectorXd& beta, Eigen::Index t) {
  double share = 1;
  for (Eigen::Index s = 0; s < t; ++s) share *= 1 - beta(s);
  return share;
}

/// A guess that is no formula of anything, told apart in every layer.
MatrixXd bent(const MatrixXd& xt, double alpha_bar) {
  return ((1.5 - alpha_bar) * xt.array()).sin() + alpha_bar;
}

/// The walk by another road: the guess of the noise is a guess of x_0, and x_{t-1} is told by both
/// of its neighbours, weighted by precision. `wrong` makes each of the slips of it.
MatrixXd by_both_neighbours(const VectorXd& beta, const Guess& guess, MatrixXd x,
                            const std::vector<MatrixXd>& noise, int wrong = 0) {
  const Eigen::Index last = beta.size() - 1;
  for (Eigen::Index i = 0; i <= last; ++i) {
    const Eigen::Index t = wrong == 4 ? i : last - i;
    const double b = beta(t), before = left(beta, t), now = left(beta, t + 1);
    const MatrixXd eps = guess(x, wrong == 5 ? 1 - b : now);
    const MatrixXd x0 = (x - std::sqrt(1 - now) * eps) / std::sqrt(now);
    const double above = (1 - b) / b, below = 1 / (1 - before);  // precisions
    MatrixXd mean = x0;
    if (t > 0) {
      mean = (above * x / std::sqrt(1 - b) + below * std::sqrt(before) * x0) / (above + below);
    }
    if (wrong == 1)
      mean += b * (1 / std::sqrt(1 - now) - 1 / std::sqrt(b)) / std::sqrt(1 - b) * eps;
    if (wrong == 3) mean *= std::sqrt((1 - b) / now);
    x = mean + (wrong == 2 ? b : wrong == 6 ? 0 : std::sqrt(b)) * noise[t];
  }
  return x;
}

void compare(const std::string& where, const VectorXd& beta, const MatrixXd& start) {
  std::vector<MatrixXd> noise;
  for (Eigen::Index t = 0; t < beta.size(); ++t) {
    noise.push_back((2.0 + 3.0 * static_cast<double>(t) + 5 * start.array()).cos());
  }
  const auto as = [&](int wrong) { return by_both_neighbours(beta, bent, start, noise, wrong); };
  // Tolerance: two roads, told apart by rounding alone.
  teacher::expect(
      where, reverse_walk(beta, bent, start, noise), as(0), 1e-9,
      {{as(1), "Right while there is one layer. How large is the noise in x_t after several?"},
       {as(2),
        "The fresh noise has the variance beta_t. What do you multiply a standard normal by?"},
       {as(3), "Each step undoes the shrinking of all layers below it. Of how many should it?"},
       {as(4), "The walk begins in layer 1. Where is the most noise?"},
       {as(5), "The guess is told 1 - beta_t, and takes x_t for hardly drowned."},
       {as(6), "No fresh noise: then all that the walk draws is its start."}});
}

VectorXd linear(int layers) {
  return VectorXd::LinSpaced(layers, 0.1, 20) / layers;
}

/// The best guess of the noise, for samples from N(0.5, 0.5^2).
MatrixXd best(const MatrixXd& xt, double kept) {
  const double gain = std::sqrt(1 - kept) / (1 - 0.75 * kept);
  return gain * (xt.array() - 0.5 * std::sqrt(kept));
}

struct Spread {
  double mean, deviation;
};
/// What comes out of the walk, without chance: with the best guess it is affine in its start and in
/// its noises. Column 0 has none of them, and each of the others one of size 1.
Spread exact(int layers) {
  const auto one = [&](int at) {
    MatrixXd row = MatrixXd::Zero(1, layers + 2);
    row(at) = 1;
    return row;
  };
  std::vector<MatrixXd> noise;
  for (int t = 0; t < layers; ++t) noise.push_back(one(t + 2));
  const Eigen::ArrayXXd x = reverse_walk(linear(layers), best, one(1), noise);
  return {x(0), std::sqrt((x - x(0)).square().sum())};
}

}  // namespace

TEST_CASE("few layers") {
  MatrixXd start(1, 2), wide(2, 3);
  start << 1, -0.5;
  wide << 0.3, -1.2, 0.8, 1.1, 0.2, -0.9;
  compare("one layer, beta = 0.3", VectorXd::Constant(1, 0.3), start);
  compare("two layers, beta = 0.1 and 0.4", VectorXd::LinSpaced(2, 0.1, 0.4), start);
  compare("five layers, two dimensions", VectorXd::LinSpaced(5, 0.05, 0.6), wide);
}

TEST_CASE("samples from N(0.5, 0.5^2)") {
  const int n = 4000, layers = 200;
  std::mt19937_64 bits(3);
  const auto uniform = [&] { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; };
  const auto normal = [&] {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  };
  std::vector<MatrixXd> noise;
  for (int t = 0; t < layers; ++t) noise.push_back(MatrixXd::NullaryExpr(1, n, normal));
  const MatrixXd x = reverse_walk(linear(layers), best, MatrixXd::NullaryExpr(1, n, normal), noise);
  const double mean = x.mean(), spread = std::sqrt((x.array() - mean).square().mean());
  // Tolerance: four standard errors, 0.5 / sqrt(n) and 0.5 / sqrt(2 n); the spread is 0.504 at
  // best, since beta_t is a little more than the exact variance.
  teacher::expect("200 layers, the mean of 4000 walks", mean, 0.5, 4 * 0.5 / std::sqrt(n));
  teacher::expect("200 layers, the spread of 4000 walks", spread, 0.504,
                  4 * 0.5 / std::sqrt(2 * n));
}

TEST_CASE("as the question says", "[.told]") {
  const Spread few = exact(25), some = exact(200), many = exact(1000);
  for (const Spread& of : {few, some, many}) teacher::told("0.50", of.mean);
  teacher::told("0.43", few.deviation);
  teacher::told("0.25", some.deviation);
  teacher::told("0.17", many.deviation);
}
