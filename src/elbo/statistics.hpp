// A mean, and how far to trust it: of independent numbers, and of a chain.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace elbo {

/// Mean of n numbers and its standard error, sd / sqrt(n) with n - 1 in the variance. One number
/// has a standard error of 0, which says nothing.
/// @label eq:standard-error
struct Average {
  double mean = 0;            ///< 0 of no numbers
  double standard_error = 0;  ///< in the units of the mean

  /// Of these numbers.
  explicit Average(const std::vector<double>& values) {
    const double n = static_cast<double>(values.size());
    for (const double v : values) mean += v / n;
    double squares = 0;
    for (const double v : values) squares += (v - mean) * (v - mean);
    if (n > 1) standard_error = std::sqrt(squares / (n - 1) / n);
  }
};

/// How many independent draws the numbers of a Markov chain are worth for their mean: n / (1 + 2
/// sum_k rho_k), rho_k the autocorrelation at lag k, summed in pairs rho_2m + rho_2m+1 while these
/// are positive (Geyer 1992, section 3.3). 1 for a chain that does not move.
/// @label eq:chain-effective-sample-size
inline double chain_effective_sample_size(const std::vector<double>& chain) {
  const std::size_t n = chain.size();
  const double mean = Average(chain).mean;
  const auto covariance = [&](std::size_t lag) {
    double sum = 0;
    for (std::size_t i = 0; i + lag < n; ++i) sum += (chain[i] - mean) * (chain[i + lag] - mean);
    return sum / static_cast<double>(n);
  };
  const double variance = n > 0 ? covariance(0) : 0;
  if (!(variance > 0)) return 1;
  double pairs = 0;  // 1 + 2 sum rho = 2 sum of the pairs - 1
  for (std::size_t lag = 0; lag + 1 < n; lag += 2) {
    const double pair = (covariance(lag) + covariance(lag + 1)) / variance;
    if (pair <= 0) break;
    pairs += pair;
  }
  return static_cast<double>(n) / std::max(2 * pairs - 1, 1 / static_cast<double>(n));
}

}  // namespace elbo
