// The matrix of a map's derivatives at a point, by differences: the oracle of every log|det J|.
#pragma once

#include <Eigen/LU>

#include "check.hpp"

namespace elbo {

/// J(i, j) = df_i/dz_j by a difference of fourth order with h = 1e-3: the formula's error is
/// h^4 f'''''/30, some 1e-13 f''''', the rounding's 1e-16 / h = 1e-13.
template <class Map>
Matrix<double> jacobian(const Map& f, const Matrix<double>& z) {
  constexpr double h = 1e-3;
  Matrix<double> j(f(z).rows(), z.rows());
  for (Index c = 0; c < z.rows(); ++c) {
    const auto moved = [&](double by) {
      Matrix<double> at = z;
      at(c, 0) += by;
      return Matrix<double>(f(at));
    };
    j.col(c) = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
  }
  return j;
}

/// What log|det| of it may be off by: a hundred times its entries' error, for fifth derivatives
/// near 100 and determinants that are not near 0.
inline constexpr double jacobian_error = 1e-9;

}  // namespace elbo
