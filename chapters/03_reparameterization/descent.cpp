// Chapter 3, section 5: when may stochastic gradient descent be used? When the gradient is right on
// average and the steps shrink, but not too fast (Robbins and Monro 1951). What happens otherwise
// is shown twice: steps that do not shrink, and a gradient that is wrong on average.
#include <algorithm>
#include <cmath>

#include "elbo/sgd.hpp"
#include "elbo/special.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Vector;

constexpr double target = 3.0;

// [walk]
// Minimise E (z - target)^2 for z = mean + eps by pathwise gradients 2 (z - target), many walkers
// at once. Returns the mean squared distance from the target after every step.
std::vector<double> walk(elbo::SgdOptions options, int walkers, int steps,
                         const elbo::Random& random) {
  elbo::Sgd<double> sgd(options);
  Vector<double> mean = Vector<double>::Zero(walkers);
  std::vector<double> error;
  for (int t = 0; t < steps; ++t) {
    const auto first = static_cast<std::uint64_t>(t) * static_cast<std::uint64_t>(walkers);
    const Vector<double> eps = random.normal<double>(walkers, 1, first);
    const Vector<double> gradient = 2.0 * (mean + eps).array() - 2.0 * target;
    sgd.step(mean, gradient);
    error.push_back((mean.array() - target).square().mean());
  }
  return error;
}
// [walk]

// [biased]
// A coin z that should come up heads as rarely as (z - 0.45)^2 likes: never, for f(0) < f(1). The
// straight-through gradient pretends that z is its probability: f'(z) p (1 - p).
constexpr double centre = 0.45;

double coin_gradient(bool straight_through, double logit, double u) {
  const double p = elbo::sigmoid(logit), z = u < p ? 1 : 0;
  if (straight_through) return 2 * (z - centre) * p * (1 - p);
  return (z - centre) * (z - centre) * (z - p);
}
// [biased]

std::vector<double> coin_walk(bool straight_through, int steps, const elbo::Random& random) {
  constexpr int walkers = 200;
  std::vector<double> logits(walkers, 0.0), mean_p;
  std::uint64_t at = 0;
  for (int t = 0; t < steps; ++t) {
    double p = 0;
    for (double& logit : logits) {
      logit -=
          2.0 / (1 + t / 1000.0) * coin_gradient(straight_through, logit, random.uniform(at++));
      p += elbo::sigmoid(logit) / walkers;
    }
    mean_p.push_back(p);
  }
  return mean_p;
}

// [reciprocal]
// The update as it was once printed, with dtheta/dl for dl/dtheta, on l = (theta - target)^2 / 2.
// Near the target, where dl/dtheta is small, its reciprocal is a leap. Distances after every step.
std::vector<double> descend(bool reciprocal, double h, int steps) {
  double theta = 0;
  std::vector<double> distance;
  for (int t = 0; t < steps; ++t) {
    const double slope = theta - target;
    theta -= h * (reciprocal ? 1 / slope : slope);
    distance.push_back(std::abs(theta - target));
  }
  return distance;
}
// [reciprocal]

void misprinted(elbo::Report& report) {
  const double h = 0.1;
  const int steps = 1000;
  report.claim("eq:gradient-descent",
               "theta - h dl/dtheta: distance after 100 steps = 3 (1 - h)^100",
               target * std::pow(1 - h, 100), descend(false, h, 100).back(), 1e-14);
  const std::vector<double> leaps = descend(true, h, steps);
  report.claim_at_least("eq:reciprocal-gradient",
                        "theta - h dtheta/dl: largest distance in the last 100 steps of 1000",
                        std::sqrt(h), *std::max_element(leaps.end() - 100, leaps.end()));
}

}  // namespace

void descent(elbo::Report& report, std::uint64_t seed, bool quick) {
  const int walkers = quick ? 400 : 2000, steps = 1000;
  const elbo::Random random(seed, elbo::Stream::play, 4000);

  // Steps 1 / (2 (t + 1)): the walker becomes a running mean of its draws, error 1 / steps.
  const std::vector<double> shrinking = walk({0.5, 1.0, 1.0}, walkers, steps, random);
  const double chi_square =
      std::sqrt(2.0 / walkers);  // relative standard deviation of a mean square
  report.claim("eq:robbins-monro", "shrinking steps: steps times squared error after 1000 = 1", 1,
               steps * shrinking.back(), 5 * chi_square + 10.0 / steps);

  // A constant step h stops improving at h / (1 - h): it forgets as fast as it learns.
  const double h = 0.1;
  const std::vector<double> constant = walk({h, 1.0, 0.0}, walkers, steps, random);
  report.claim("eq:constant-step", "constant step 0.1: squared error stays at h / (1 - h)",
               h / (1 - h), constant.back(), 5 * chi_square * h / (1 - h));
  report.result("error_shrinking_steps", shrinking.back());
  report.result("error_constant_step", constant.back());

  // The biased gradient converges too: to p = 0.45, where its own mean is zero.
  const elbo::Random coins(seed, elbo::Stream::play, 4001);
  const std::vector<double> biased = coin_walk(true, 4000, coins);
  const std::vector<double> unbiased = coin_walk(false, 4000, coins);
  report.claim("eq:biased-gradient", "straight-through: the coin settles at p = 0.45", centre,
               biased.back(), 0.05);
  report.claim_at_most("eq:unbiased-gradient", "score function: the coin goes towards p = 0", 0.1,
                       unbiased.back());
  report.result("coin_p_biased", biased.back());
  report.result("coin_p_unbiased", unbiased.back());

  elbo::Table paths({"step", "shrinking", "constant"});
  for (std::size_t t = 0; t < shrinking.size(); t += t < 20 ? 1 : 4) {
    paths.add({static_cast<double>(t + 1), shrinking[t], constant[t]});
  }
  report.csv("descent", paths);
  elbo::Table coin({"step", "biased", "unbiased"});
  for (std::size_t t = 0; t < biased.size(); t += 16) {
    coin.add({static_cast<double>(t + 1), biased[t], unbiased[t]});
  }
  report.csv("coin", coin);
  misprinted(report);
}

}  // namespace chapter
