// The one finite-difference harness: every derivative in the library is held against it.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "check.hpp"

namespace elbo {

using Objective = std::function<double(const Vector<double>&)>;

/// df/dx_i = (f(x + h e_i) - f(x - h e_i)) / 2h, with h = cbrt(machine epsilon) max(1, |x_i|):
/// there the error of the formula, h^2 f'''/6, and that of the rounding, epsilon f / h, are about
/// equal.
inline Vector<double> finite_difference(const Objective& f, Vector<double> x) {
  const double root = std::cbrt(std::numeric_limits<double>::epsilon());
  Vector<double> gradient(x.size());
  for (Index i = 0; i < x.size(); ++i) {
    const double at = x(i), h = root * std::max(1.0, std::abs(at));
    x(i) = at + h;
    const double above = f(x), width_above = x(i) - at;
    x(i) = at - h;
    const double below = f(x), width_below = at - x(i);
    gradient(i) = (above - below) / (width_above + width_below);
    x(i) = at;
  }
  return gradient;
}

/// Checks every entry of `gradient`. The rounding error of a difference is about 4e-11 |f|, the
/// formula's about 6e-12 f''': a tolerance of 1e-8 of the larger of |f|, |gradient| and 1 stands
/// well above both and far below anything a wrong factor or sign could do.
inline void check_gradient(const Objective& f, const Vector<double>& x,
                           const Vector<double>& gradient) {
  REQUIRE(gradient.size() == x.size());
  const Vector<double> expected = finite_difference(f, x);
  double largest = std::max(1.0, std::abs(f(x)));
  for (const double g : expected) largest = std::max(largest, std::abs(g));
  for (Index i = 0; i < x.size(); ++i) {
    INFO("entry " << i << " of " << x.size());
    CHECK_THAT(gradient(i), WithinAbs(expected(i), 1e-8 * largest));
  }
}

/// sum of weights * y: a scalar that feels every entry of an output y in its own way, and whose
/// derivative by y is `weights`.
inline double weighted_sum(const Matrix<double>& y, const Matrix<double>& weights) {
  double sum = 0;
  for (Index i = 0; i < y.size(); ++i) sum += y.data()[i] * weights.data()[i];
  return sum;
}

}  // namespace elbo
