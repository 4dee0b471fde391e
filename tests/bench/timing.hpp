// Wall-clock time, and what to say of several measurements of one thing.
#pragma once

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <vector>

namespace bench {

template <class Work>
double seconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  return elapsed.count();
}

/// The middle one; of an even number, the upper of the two.
inline double median(std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument("median: no values");
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// What disturbs a measurement only ever adds to it: the least is the nearest to the truth.
inline double least(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

inline double most(const std::vector<double>& values) {
  return *std::max_element(values.begin(), values.end());
}

}  // namespace bench
