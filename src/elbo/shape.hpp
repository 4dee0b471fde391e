// What a wrong shape says: who asked, what was wanted, what was found.
#pragma once

#include <stdexcept>
#include <string>

#include "elbo/types.hpp"

namespace elbo {

/// Throws std::invalid_argument unless `m` is rows x cols.
template <class Derived>
void check_shape(const char* who, const Eigen::EigenBase<Derived>& m, Index rows, Index cols) {
  if (m.rows() == rows && m.cols() == cols) return;
  const auto text = [](Index r, Index c) { return std::to_string(r) + " x " + std::to_string(c); };
  throw std::invalid_argument(std::string(who) + ": wanted shape " + text(rows, cols) + ", found " +
                              text(m.rows(), m.cols()));
}

/// Throws std::invalid_argument unless `m` has the shape of `like`.
template <class A, class B>
void check_same_shape(const char* who, const Eigen::EigenBase<A>& m,
                      const Eigen::EigenBase<B>& like) {
  check_shape(who, m, like.rows(), like.cols());
}

/// As check_shape, where only the number of rows is fixed (a batch may have any number of columns).
template <class Derived>
void check_rows(const char* who, const Eigen::EigenBase<Derived>& m, Index rows) {
  check_shape(who, m, rows, m.cols());
}

}  // namespace elbo
