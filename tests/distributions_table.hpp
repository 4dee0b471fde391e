// The distributions of the library seen from outside: a space, a density on it, an entropy.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "check.hpp"
#include "elbo/distributions.hpp"

namespace elbo {

/// Points of equal weight: weight * sum of f over the points is the integral of f where the space
/// is a plane (the trapezoidal rule for functions that die out at the border, hence to all digits),
/// the sum where it is countable.
struct Space {
  Matrix<double> points;  // one a column
  double weight;
};

/// The square of half width `size` around 0 in steps of `step`.
inline Space plane(double size, double step) {
  const Index side = static_cast<Index>(std::lround(2 * size / step)) + 1;
  Space space{Matrix<double>(2, side * side), step * step};
  for (Index i = 0; i < side; ++i) {
    for (Index j = 0; j < side; ++j) {
      space.points(0, i * side + j) = -size + step * static_cast<double>(i);
      space.points(1, i * side + j) = -size + step * static_cast<double>(j);
    }
  }
  return space;
}

/// All 2^coins heads and tails.
inline Space coins(Index number) {
  Space space{Matrix<double>(number, Index{1} << number), 1.0};
  for (Index state = 0; state < space.points.cols(); ++state) {
    for (Index i = 0; i < number; ++i) {
      space.points(i, state) = static_cast<double>((state >> i) & 1);
    }
  }
  return space;
}

/// The numbers 0 .. number-1.
inline Space outcomes(Index number) {
  Space space{Matrix<double>(1, number), 1.0};
  for (Index k = 0; k < number; ++k) space.points(0, k) = static_cast<double>(k);
  return space;
}

using LogProb = std::function<RowVector<double>(const Matrix<double>& points)>;

// One distribution, asked at many points: the batched kinds get as many equal columns.
inline LogProb log_prob_of(const DiagonalNormal<double>& p) {
  return [p](const Matrix<double>& z) {
    const DiagonalNormal<double> copies{p.mean.replicate(1, z.cols()),
                                        p.log_variance.replicate(1, z.cols())};
    return copies.log_prob(z);
  };
}
inline LogProb log_prob_of(const Bernoulli<double>& p) {
  return [p](const Matrix<double>& x) {
    return Bernoulli<double>{p.logits.replicate(1, x.cols())}.log_prob(x);
  };
}
inline LogProb log_prob_of(const Categorical<double>& p) {
  return [p](const Matrix<double>& k) {
    RowVector<double> result(k.cols());
    for (Index i = 0; i < k.cols(); ++i) result(i) = p.log_prob(static_cast<Index>(k(0, i)));
    return result;
  };
}
inline LogProb log_prob_of(const Normal<double>& p) {
  return [p](const Matrix<double>& z) { return p.log_prob(z); };
}
inline LogProb log_prob_of(const Mixture<double>& p) {
  return [p](const Matrix<double>& z) { return p.log_prob(z); };
}

/// The integral of q (log q - log p); with p left out, minus the entropy. 0 log 0 = 0.
inline double expected_log_ratio(const Space& space, const LogProb& q, const LogProb& p = {}) {
  const RowVector<double> log_q = q(space.points);
  const RowVector<double> log_p = p ? p(space.points) : RowVector<double>::Zero(log_q.size());
  double sum = 0;
  for (Index i = 0; i < log_q.size(); ++i) {
    const double density = std::exp(log_q(i));
    if (density > 0) sum += density * (log_q(i) - log_p(i));
  }
  return space.weight * sum;
}

inline Matrix<double> column(std::initializer_list<double> values) {
  return matrix_of(values.begin(), static_cast<Index>(values.size()), 1);
}
inline Matrix<double> symmetric(double a, double b, double c) {
  const double values[] = {a, b, b, c};
  return matrix_of(values, 2, 2);
}

}  // namespace elbo
