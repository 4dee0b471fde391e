// A mean, and how far to trust it.
#pragma once

#include <cmath>
#include <vector>

namespace elbo {

/// Mean of n numbers and its standard error, sd / sqrt(n) with n - 1 in the variance. One number
/// has a standard error of 0, which says nothing.
/// @label eq:standard-error
struct Average {
  double mean = 0, standard_error = 0;

  explicit Average(const std::vector<double>& values) {
    const double n = static_cast<double>(values.size());
    for (const double v : values) mean += v / n;
    double squares = 0;
    for (const double v : values) squares += (v - mean) * (v - mean);
    if (n > 1) standard_error = std::sqrt(squares / (n - 1) / n);
  }
};

}  // namespace elbo
