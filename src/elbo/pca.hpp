// Principal component analysis (Pearson 1901; Hotelling 1933): the flat that lies nearest to the
// data. And the angles between two flats.
#pragma once

#include "elbo/types.hpp"

namespace elbo {

/// A flat of d dimensions through the mean.
struct Pca {
  Vector<double> mean;        ///< D numbers
  Matrix<double> directions;  ///< U, D x d: orthonormal columns, the largest variance first
  Vector<double> variances;  ///< all D eigenvalues of the sample covariance (divided by N), falling

  /// z = U'(x - mean), x: D x n -> d x n.
  Matrix<double> encode(const Matrix<double>& x) const;
  /// U z + mean, z: d x n -> D x n.
  Matrix<double> decode(const Matrix<double>& z) const;
  /// |x - decode(encode(x))|^2 for each column, summed over its D numbers. -> 1 x n.
  RowVector<double> squared_error(const Matrix<double>& x) const;

  /// What no flat of d dimensions can go below on the data it was made from: the mean squared error
  /// is the sum of the variances left out, l_{d+1} + ... + l_D.
  /// @label eq:pca-error
  double least_squared_error() const;

  /// The same with the first `d` directions only.
  Pca first(Index d) const;
};

/// The first d principal directions of the columns of x, by the eigenvectors of their covariance.
/// Throws std::invalid_argument unless 0 < d <= D and there are two columns.
Pca pca(const Matrix<double>& x, Index d);

/// The angles between the column spaces of a (D x p) and b (D x q), p >= q, in radians from 0 to
/// pi/2, the smallest first: cos angle_i = singular value i of A'B, for orthonormal bases A and B.
/// Where that cosine is near 1 the angle comes from the sine instead, the singular values of
/// B - A A'B (Bjorck and Golub 1973). Both a and b must have full column rank.
/// @label eq:principal-angles
Vector<double> principal_angles(const Matrix<double>& a, const Matrix<double>& b);

}  // namespace elbo
