// What most tests need: comparisons, what an exception said, the mean of a Monte Carlo sample.
#pragma once

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "elbo/types.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace elbo {

// Not special.hpp's constant: that one is under test.
inline const double log_2pi = std::log(2.0 * std::numbers::pi);

/// The largest |a - b|; infinity where the shapes differ or a difference is not a number.
inline double max_difference(const Matrix<double>& a, const Matrix<double>& b) {
  double largest = 0;
  if (a.rows() != b.rows() || a.cols() != b.cols()) {
    return std::numeric_limits<double>::infinity();
  }
  for (Index i = 0; i < a.size(); ++i) {
    const double difference = std::abs(a.data()[i] - b.data()[i]);
    if (!(difference <= largest)) largest = difference;
    if (std::isnan(difference)) return std::numeric_limits<double>::infinity();
  }
  return largest;
}

/// The numbers of a C array, column after column.
inline Matrix<double> matrix_of(const double* values, Index rows, Index cols) {
  Matrix<double> m(rows, cols);
  for (Index i = 0; i < m.size(); ++i) m.data()[i] = values[i];
  return m;
}

/// What std::invalid_argument says when `action` throws it; empty when it does not.
template <class Action>
std::string refusal(Action&& action) {
  try {
    action();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The mean of independent draws, and how far from the truth it may lie.
class MonteCarlo {
 public:
  void add(double value) {  // Welford: no cancellation in the sum of squares
    const double step = value - mean_;
    mean_ += step / static_cast<double>(++count_);
    squares_ += step * (value - mean_);
  }
  double mean() const { return mean_; }
  double variance() const { return squares_ / static_cast<double>(count_ - 1); }
  double standard_error() const { return std::sqrt(variance() / static_cast<double>(count_)); }
  /// The distance from `truth` in standard errors. Tests allow 4.5: one false alarm in 150,000,
  /// and none with a fixed seed that has passed once.
  double distance(double truth) const { return std::abs(mean_ - truth) / standard_error(); }

 private:
  double mean_ = 0, squares_ = 0;
  long count_ = 0;
};

inline constexpr double sigmas = 4.5;

}  // namespace elbo
