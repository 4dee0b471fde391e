// The oracle: integrals by adding up function values, with no idea where they come from.
#pragma once

#include <cmath>
#include <stdexcept>

#include "elbo/types.hpp"

namespace elbo {

/// The trapezoidal rule with `points` intervals on [lower, upper].
/// For a smooth f that has died out at both ends this plain rule is not crude but exponentially
/// accurate: doubling the points doubles the digits (Trefethen and Weideman 2014, theorem 5.1).
/// A normal density needs a spacing of about one scale for 8 digits, half a scale for all 16.
template <class F>
double integrate(F&& f, double lower, double upper, int points = 2000) {
  if (!(lower < upper) || points < 1) {
    throw std::invalid_argument("integrate: wanted lower < upper and at least one interval");
  }
  const double h = (upper - lower) / points;
  double sum = 0.5 * (f(lower) + f(upper));
  for (int i = 1; i < points; ++i) sum += f(lower + i * h);
  return h * sum;
}

/// The same over a rectangle: f(x, y) with x in [x_lower, x_upper] and y in [y_lower, y_upper].
template <class F>
double integrate2(F&& f, double x_lower, double x_upper, double y_lower, double y_upper,
                  int points = 400) {
  const auto inner = [&](double x) {
    return integrate([&](double y) { return f(x, y); }, y_lower, y_upper, points);
  };
  return integrate(inner, x_lower, x_upper, points);
}

/// Densities as textbooks print them, for integrands. The library's distributions do not use them,
/// so that a check against them checks something.
namespace textbook {

/// log N(x; mean, scale^2).
/// @label eq:normal-density
inline double log_normal(double x, double mean, double scale) {
  const double t = (x - mean) / scale;
  return -0.5 * t * t - std::log(scale) - 0.5 * std::log(2 * M_PI);
}

/// log N((x, y); mean, S) in the plane, the inverse of S written out.
/// @label eq:normal-density-plane
inline double log_normal(double x, double y, const Vector<double>& mean, const Matrix<double>& s) {
  const double det = s(0, 0) * s(1, 1) - s(0, 1) * s(1, 0);
  const double a = x - mean(0), b = y - mean(1);
  const double square = (s(1, 1) * a * a - 2 * s(0, 1) * a * b + s(0, 0) * b * b) / det;
  return -0.5 * (square + std::log(det)) - std::log(2 * M_PI);
}

}  // namespace textbook
}  // namespace elbo
