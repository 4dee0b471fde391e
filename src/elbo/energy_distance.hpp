// How far apart two clouds of points are, without a model of either.
#pragma once

#include "elbo/types.hpp"

namespace elbo {

/// 2 E|x - y| - E|x - x'| - E|y - y'|, Euclidean, over all pairs of different points (Szekely and
/// Rizzo 2013, equation 1.1; pairs of a point with itself left out, so it is unbiased and may come
/// out below 0). 0 only where both clouds have one distribution. Columns are points, in the units
/// of their coordinates. x: D x n, y: D x m, at least two of each.
/// @label eq:energy-distance
double energy_distance(const Matrix<float>& x, const Matrix<float>& y);

}  // namespace elbo
