// The operation that training spends its time on: the product of two matrices, in one thread.
//
// For floats it is written in tiles.hpp. At the sizes of this book that is faster than the
// libraries' products (./book bench measures it against Eigen's). For doubles, and as the reference
// of the tests, it is Eigen's.
#pragma once

#include <span>

#include "elbo/types.hpp"

namespace elbo {

/// A matrix, a block of one, or the transpose of either, seen where it stands.
template <class T>
struct Operand {
  /// Refers to the numbers of `m` and must not outlive them.
  template <class Derived>
  Operand(const Eigen::MatrixBase<Derived>& m)  // NOLINT: an Eigen matrix is an operand
      : data(m.derived().data()),
        rows(m.rows()),
        cols(m.cols()),
        stride(m.derived().outerStride()),
        transposed(Derived::IsRowMajor && !Derived::IsVectorAtCompileTime) {}

  const T* data;    ///< the first number
  Index rows;       ///< as seen, after any transposing
  Index cols;       ///< as seen
  Index stride;     ///< from one stored column (or row) to the next
  bool transposed;  ///< stored row after row
};

/// Whether a result replaces what stands in its place or is added to it.
enum class Sum { fresh, added };

/// c = a b, or c += a b, for c of a.rows x b.cols numbers, column after column from `c` on.
/// Throws std::invalid_argument where a and b do not fit.
template <class T>
void multiply(const Operand<T>& a, const Operand<T>& b, T* c, Sum sum = Sum::fresh);

/// The two sides of one product.
template <class T>
struct Factors {
  Operand<T> a;  ///< the left one
  Operand<T> b;  ///< the right one
};

/// c = or += a_1 b_1 + a_2 b_2 + ..., all of one shape but for the columns of a and rows of b; in
/// this order, whatever else happens.
template <class T>
void multiply(std::span<const Factors<T>> factors, T* c, Sum sum = Sum::fresh);

/// The same by Eigen.
template <class T>
void multiply_plainly(std::span<const Factors<T>> factors, T* c, Sum sum = Sum::fresh);

}  // namespace elbo
