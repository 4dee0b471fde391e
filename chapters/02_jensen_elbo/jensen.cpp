// Chapter 2, section 1: the logarithm of an average is at least the average of the logarithms.
#include <algorithm>
#include <array>
#include <cmath>

#include "sections.hpp"

namespace chapter {
namespace {

// log E[X] - E[log X] for X that takes each of the values with equal probability.
template <std::size_t n>
double gap(const std::array<double, n>& values) {
  double mean = 0, mean_log = 0;
  for (const double x : values) {
    mean += x / n;
    mean_log += std::log(x) / n;
  }
  return std::log(mean) - mean_log;
}

}  // namespace

void jensen(elbo::Report& report) {
  // Two equally likely weights, 1 and 9: log 5 above (log 1 + log 9) / 2 = log 3.
  report.claim("eq:jensen", "gap for the weights 1 and 9 = log 5 - log 3", std::log(5.0 / 3.0),
               gap(std::array{1.0, 9.0}), 1e-15);
  double least = 1;
  for (int i = 1; i <= 1000; ++i) {
    const double t = i / 100.0;
    least = std::min(least, gap(std::array{1.0, std::exp(t), 2 + std::sin(7 * t)}));
  }
  report.claim_at_least("eq:jensen", "least gap of 1000 variables with three values", 0, least);

  // The narrower X, the less is given away: the gap tends to 1/2 Var / mean^2. For X = m (1 +- s)
  // the next term of the series is s^4 / 4.
  elbo::Table table({"relative_spread", "gap", "half_variance"});
  for (int i = 0; i <= 60; ++i) {
    const double s = 0.02 + 0.93 * i / 60;
    table.add({s, gap(std::array{3 * (1 - s), 3 * (1 + s)}), 0.5 * s * s});
  }
  report.csv("jensen_gap", table);
  const double s = 0.05;
  report.claim("eq:jensen-gap", "gap / (1/2 Var / mean^2) for a spread of 5 %, next term s^2/2",
               1.0, gap(std::array{3 * (1 - s), 3 * (1 + s)}) / (0.5 * s * s), s * s);
}

}  // namespace chapter
