#include <array>
#include <cmath>
#include <numbers>
#include <random>

#include "teacher.hpp"

using Eigen::ArrayXd;
using Eigen::VectorXd;

double kl_steady_estimate(const VectorXd& log_ratio);

namespace {

constexpr int draws = 100, repeats = 3000;

/// Two normals of one scale, with weights; a single normal has the weight 1.
struct Humps {
  double weight, left, right, scale;

  double density(double x) const {
    const auto hump = [&](double mean) {
      return std::exp(-0.5 * (x - mean) * (x - mean) / (scale * scale));
    };
    return (weight * hump(left) + (1 - weight) * hump(right)) /
           (scale * std::sqrt(2 * std::numbers::pi));
  }
};

struct Pair {
  std::string name;
  Humps q, p;

  double log_ratio(double x) const { return std::log(p.density(x) / q.density(x)); }

  /// The integral of q log(q/p), by the midpoint rule.
  double kl() const {
    double sum = 0;
    for (double x = -12 + 0.0005; x < 12; x += 0.001) sum -= q.density(x) * log_ratio(x) * 0.001;
    return sum;
  }
};

const std::array<Pair, 4> pairs = {{
    {"N(0, 1) beside N(1, 1)", {1, 0, 0, 1}, {1, 1, 1, 1}},
    {"a hump that p nearly lost", {0.5, -2, 2, 0.7}, {0.98, -2, 2, 0.7}},
    {"a hump that q nearly lost", {0.9, -2, 2, 0.7}, {0.5, -2, 2, 0.7}},
    {"N(0, 0.5^2) inside N(0, 1)", {1, 0, 0, 1}, {1, 0, 0, 0.5}},
}};

/// The hundred numbers log r of one repeat; the same whenever it is asked for.
VectorXd log_ratios(const Pair& pair, int repeat) {
  std::mt19937_64 bits(4 * static_cast<unsigned>(repeat) +
                       static_cast<unsigned>(&pair - pairs.data()));
  const auto uniform = [&] { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; };
  VectorXd result(draws);
  for (double& log_r : result) {
    const double mean = uniform() < pair.q.weight ? pair.q.left : pair.q.right;
    const double radius = std::sqrt(-2 * std::log(uniform()));  // Box and Muller
    const double noise = radius * std::cos(2 * std::numbers::pi * uniform());
    log_r = pair.log_ratio(mean + pair.q.scale * noise);
  }
  return result;
}

/// What the check keeps of each repeat: the answer, and what well-known estimates say.
struct Kept {
  ArrayXd got{repeats}, k1{repeats}, excess{repeats}, k2{repeats}, half_variance{repeats},
      cut_off{repeats};
};

double standard_error(const ArrayXd& v) {
  return std::sqrt((v - v.mean()).square().sum() / (repeats * (repeats - 1.0)));
}

std::array<Kept, 4> keep_all() {
  std::array<Kept, 4> kept;
  for (int i = 0; i < repeats; ++i) {
    for (std::size_t j = 0; j < pairs.size(); ++j) {
      const VectorXd log_r = log_ratios(pairs[j], i);
      const ArrayXd l = log_r.array();
      kept[j].got(i) = kl_steady_estimate(log_r);
      kept[j].k1(i) = -l.mean();
      kept[j].excess(i) = (l.exp() - 1).mean();
      kept[j].k2(i) = l.square().mean() / 2;
      kept[j].half_variance(i) = (l - l.mean()).square().mean() / 2;
      kept[j].cut_off(i) = (-l).max(0).mean();
    }
  }
  return kept;
}

/// The mean square of the error of `estimates`, that of k1 being 1.
double against_k1(const ArrayXd& estimates, const ArrayXd& k1, double right) {
  return (estimates - right).square().sum() / (k1 - right).square().sum();
}

}  // namespace

TEST_CASE("an unbiased estimate that strays little") {
  teacher::expect("q = p: every log r is 0", kl_steady_estimate(VectorXd::Zero(draws)), 0, 1e-9);

  const std::array<Kept, 4> kept = keep_all();
  teacher::expect_that(
      "the first draws once more: the same estimate",
      kl_steady_estimate(log_ratios(pairs[0], 0)) == kept[0].got(0),
      "The same draws, another estimate: does it remember what it was given before?");

  double score = 0;
  for (std::size_t j = 0; j < pairs.size(); ++j) {
    const Kept& k = kept[j];
    const double right = pairs[j].kl(), got = k.got.mean();
    // Tolerance: five standard errors of the average, the luck of the draws. What is wrong by more
    // is told from what is right with two.
    const double error = standard_error(k.got);
    const double tolerance = (std::abs(got - right) <= 5 * error ? 5 : 2) * error;
    teacher::expect(
        pairs[j].name + ", the average of 3000 estimates", got, right, tolerance,
        {{k.k2.mean(), "That is k2, which aims beside the divergence: it is biased."},
         {k.half_variance.mean(),
          "Half the variance of log r: does that hold if log r is not normal?"},
         {k.cut_off.mean(),
          "Terms cut off at 0: the negative ones are needed to make the average right."},
         {got,
          "Biased: more than luck can do. If a coefficient is chosen by looking at the draws, had "
          "the draw that it corrects a say in it?"}});
    score += against_k1(k.got, k.k1, right) / 4;
  }

  // Is it k1 + c (r - 1) with one c for everything? Then say so.
  const double c = (kept[0].got(0) - kept[0].k1(0)) / kept[0].excess(0);
  bool one_c = true;
  for (const Kept& k : kept) one_c &= (k.k1 + c * k.excess - k.got).abs().maxCoeff() < 1e-9;
  const std::string where = "score " + std::to_string(score) + ", goal 0.35";
  teacher::expect_that(
      where, !(one_c && std::abs(c) < 1e-6),
      "That is k1, with which the others are compared. What has the mean 0, whatever q "
      "and p are, and goes down when k1 goes up?");
  teacher::expect_that(
      where, !(one_c && std::abs(c - 1) < 1e-6),
      "That is k3, which adds r - 1 once. Is once the right amount for every pair?");
  teacher::expect_that(
      where, !(one_c && score > 0.35),
      "One amount of r - 1 for all four pairs, and no such amount suits them all. Can the "
      "draws tell which one suits?");
  teacher::score_at_most("mean square of the error, k1's being 1", score, 0.35);
}

TEST_CASE("as the question says", "[.told]") {
  const std::array<Kept, 4> kept = keep_all();
  double k3 = 0;
  for (std::size_t j = 0; j < pairs.size(); ++j) {
    k3 += against_k1(kept[j].k1 + kept[j].excess, kept[j].k1, pairs[j].kl()) / 4;
  }
  teacher::told("0.66", k3);
}
