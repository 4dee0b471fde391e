// A matrix as the numbers of an answer.
#pragma once

#include <Eigen/Core>

#include "calls.hpp"

namespace interactive {

/// Column after column, behind what is in `out`.
template <class Derived>
void append(const Eigen::MatrixBase<Derived>& columns, Numbers& out) {
  for (Eigen::Index j = 0; j < columns.cols(); ++j) {
    for (Eigen::Index i = 0; i < columns.rows(); ++i) {
      out.push_back(static_cast<double>(columns(i, j)));
    }
  }
}

}  // namespace interactive
