// Chapter 3's estimators of one slope, drawn again and again: d/dmean of E |z|^2 for z ~ N(mean,
// scale^2 I), in the first coordinate.
#include <array>
#include <cmath>
#include <cstdint>

#include "calls.hpp"
#include "elbo/random.hpp"

namespace interactive {
namespace {

constexpr double mean = 0.5, scale = 0.8, truth = 2 * mean;  // the chapter's
constexpr int lot = 100, bins = 61;

// Only + - * / and sqrt, in a fixed order, and the library's normals: the same bits everywhere.
// (Eigen's own sums are ordered as the processor likes.)

// --- Estimates, a hundred at a time ---

struct Asked {
  std::uint64_t seed;
  int dimension, draws;
  bool operator==(const Asked&) const = default;
};

// By each road: the score function, the score function with a baseline, the path.
using Piles = std::array<std::vector<double>, 3>;

// Lot number `number`: each estimate averages `draws` gradients. As in the chapter, the draws of a
// dimension are one stream (draw k is its k-th column), and a draw's baseline is the mean of f over
// the other draws, here those of the lot.
void add_lot(Piles& piles, const Asked& asked, std::size_t number) {
  const int d = asked.dimension, n = lot * asked.draws;
  const std::uint64_t first = number * static_cast<std::uint64_t>(n) * static_cast<unsigned>(d);
  const elbo::Matrix<double> eps =
      elbo::Random(asked.seed, elbo::Stream::play, static_cast<unsigned>(d))
          .normal<double>(d, n, first);
  std::vector<double> f;
  double total = 0;
  for (int k = 0; k < n; ++k) {
    double square = 0;
    for (int i = 0; i < d; ++i) {
      const double z = mean + scale * eps(i, k);
      square += z * z;
    }
    f.push_back(square);
    total += square;
  }
  for (int k = 0; k < n;) {
    double score = 0, with_baseline = 0, path = 0;
    for (int end = k + asked.draws; k < end; ++k) {
      const double fk = f[static_cast<std::size_t>(k)], dlog_q = eps(0, k) / scale;
      score += fk * dlog_q;
      with_baseline += (fk - (total - fk) / (n - 1)) * dlog_q;
      path += 2 * (mean + scale * eps(0, k));
    }
    piles[0].push_back(score / asked.draws);
    piles[1].push_back(with_baseline / asked.draws);
    piles[2].push_back(path / asked.draws);
  }
}

// Seed, dimension, draws an estimate, lots. What was drawn is kept, for the next question is mostly
// about a lot more; the answer does not depend on it.
const Piles& drawn(const Numbers& a) {
  static Asked last{};
  static Piles piles;
  const Asked asked{static_cast<std::uint64_t>(a[0]), static_cast<int>(a[1]),
                    static_cast<int>(a[2])};
  const auto lots = static_cast<std::size_t>(a[3]);
  if (asked != last || piles[0].size() > lots * lot) piles = {};
  last = asked;
  while (piles[0].size() < lots * lot) add_lot(piles, asked, piles[0].size() / lot);
  return piles;
}

// --- What is shown of them ---

// Variances of one draw in closed form, eq:gradient-variance.
std::array<double, 3> variances(double d) {
  const double a = d * mean * mean, s2 = scale * scale, shared = 4 * (d + 2) / d * a - 4 * a / d;
  return {a * a / s2 + shared + s2 * (d + 2) * (d + 4) + 2 * a * (d + 2), shared + s2 * (2 * d + 8),
          4 * s2};
}

struct Spread {
  double mean = 0, variance = 0;

  explicit Spread(const std::vector<double>& values) {
    const double n = static_cast<double>(values.size());
    for (const double value : values) mean += value / n;
    for (const double value : values) variance += (value - mean) * (value - mean) / (n - 1);
  }
};

// -> the truth; for each road the mean, the standard deviation, and what the formula says of it;
// then the first two roads' variances over the path's, as measured and by the formula.
Numbers summary(const Numbers& a) {
  const Piles& piles = drawn(a);
  const std::array<double, 3> exact = variances(a[1]);
  Numbers out = {truth};
  std::array<double, 3> measured{};
  for (std::size_t road = 0; road < 3; ++road) {
    const Spread spread(piles[road]);
    measured[road] = spread.variance;
    out.insert(out.end(), {spread.mean, std::sqrt(spread.variance), std::sqrt(exact[road] / a[2])});
  }
  for (std::size_t road = 0; road < 2; ++road) {
    out.insert(out.end(), {measured[road] / measured[2], exact[road] / exact[2]});
  }
  return out;
}

// How far to both sides of the truth the picture reaches: four standard deviations of the widest
// pile, rounded up to 1, 2 or 5 times a power of ten, so that it mostly stands still.
double reach(const Numbers& a) {
  const double wanted = 4 * std::sqrt(variances(a[1])[0] / a[2]);
  for (double power = 1;; power *= 10) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      if (digit * power >= wanted) return digit * power;
    }
  }
}

// -> for each of 61 bins: its left and right end, and how many estimates of each road lie in it. An
// estimate beyond the last bin is counted there.
Numbers histograms(const Numbers& a) {
  const Piles& piles = drawn(a);
  const double half = reach(a), width = 2 * half / bins, left = truth - half;
  Numbers out;
  for (int bin = 0; bin < bins; ++bin) {
    out.insert(out.end(), {left + bin * width, left + (bin + 1) * width, 0, 0, 0});
  }
  for (std::size_t road = 0; road < 3; ++road) {
    for (const double estimate : piles[road]) {
      const double at = std::floor((estimate - left) / width);
      const double held = at < 0 ? 0 : at < bins ? at : bins - 1;
      out[5 * static_cast<std::size_t>(held) + 2 + road] += 1;
    }
  }
  return out;
}

}  // namespace

Calls gradients_calls() {
  const std::vector<Argument> asked = {{"seed", 0, 1e9, whole},
                                       {"dimension", 1, 100, whole},
                                       {"draws", 1, 50, whole},
                                       {"lots of a hundred", 1, 100, whole}};
  return {{"gradients", {asked, summary}}, {"gradients_histograms", {asked, histograms}}};
}

}  // namespace interactive
