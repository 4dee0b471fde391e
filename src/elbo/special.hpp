// Functions whose textbook formula overflows or cancels, and the branch that saves them.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "elbo/types.hpp"

namespace elbo {

/// log 2 pi.
inline constexpr double log_two_pi = 1.83787706640934548356;

/// 1 / (1 + e^-a). Derivative: sigmoid(a) sigmoid(-a).
/// The branch keeps the exponent negative: e^-a overflows for a < -88 in float.
/// @label eq:sigmoid
template <class T>
T sigmoid(T a) {
  const T e = std::exp(-std::abs(a));
  return a >= T(0) ? T(1) / (T(1) + e) : e / (T(1) + e);
}

/// log(1 + e^a) = max(a, 0) + log(1 + e^-|a|). Derivative: sigmoid(a).
/// Written directly, e^a overflows for large a and 1 + e^a rounds to 1 for very negative a.
/// @label eq:softplus
template <class T>
T softplus(T a) {
  return std::max(a, T(0)) + std::log1p(std::exp(-std::abs(a)));
}

/// log(1 - e^a) for a < 0; -infinity at 0. Derivative: -1 / (e^-a - 1).
/// Near 0 the difference 1 - e^a cancels (use expm1), far below it e^a is small (use log1p); the
/// branch at -log 2 is where the two lose equally much (Maechler 2012, "Accurately computing
/// log(1 - exp(-|a|))").
/// @label eq:log1m-exp
template <class T>
T log1m_exp(T a) {
  if (a > T(0)) throw std::domain_error("log1m_exp: wanted a value at most 0");
  return a > T(-0.693147180559945309) ? std::log(-std::expm1(a)) : std::log1p(-std::exp(a));
}

/// log sum_i e^(a_i) = m + log sum_i e^(a_i - m), m = max_i a_i. Derivative: softmax(a).
/// The largest term is e^0 = 1, so the sum neither overflows nor vanishes. An empty sum is
/// -infinity.
/// @label eq:log-sum-exp
template <class Derived>
typename Derived::Scalar log_sum_exp(const Eigen::DenseBase<Derived>& a) {
  using T = typename Derived::Scalar;
  if (a.size() == 0) return -std::numeric_limits<T>::infinity();
  const T m = a.maxCoeff();
  if (!std::isfinite(m)) return m;  // all -infinity, or some +infinity: m is the answer
  T sum = 0;
  for (Index c = 0; c < a.cols(); ++c) {
    for (Index r = 0; r < a.rows(); ++r) sum += std::exp(a.derived().coeff(r, c) - m);
  }
  return m + std::log(sum);
}

/// log (1/k) sum_i e^(a_i): the logarithm of an average whose terms are known by their logarithms.
/// @label eq:log-mean-exp
template <class Derived>
typename Derived::Scalar log_mean_exp(const Eigen::DenseBase<Derived>& a) {
  return log_sum_exp(a) - std::log(static_cast<typename Derived::Scalar>(a.size()));
}

}  // namespace elbo
