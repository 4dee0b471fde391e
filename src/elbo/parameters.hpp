// A model is ONE flat vector. Layers hold only the places where their numbers stand in it.
//
// Whoever works on all parameters at once (an optimiser, a checkpoint, the sum of the gradients of
// several threads) sees a plain vector and needs to know nothing of layers; and the gradient is a
// second vector of the same layout.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "elbo/types.hpp"

namespace elbo {

/// Where a rows x cols block stands in the flat vector (column after column).
struct Slice {
  Index offset = 0;  ///< place of its first number
  Index rows = 0;    ///< of the block
  Index cols = 0;    ///< of the block

  /// How many numbers it has.
  Index size() const { return rows * cols; }

  /// The block as a matrix that reads and writes the vector's own memory.
  template <class T>
  Eigen::Map<Matrix<T>> in(Vector<T>& parameters) const {
    return {parameters.data() + offset, rows, cols};
  }
  /// The same, to read only.
  template <class T>
  Eigen::Map<const Matrix<T>> in(const Vector<T>& parameters) const {
    return {parameters.data() + offset, rows, cols};
  }
};

/// Hands out the slices one after another and remembers their names. A large one begins on a cache
/// line, so the vector may hold a few numbers that are no slice's: they are 0 and stay so.
class Layout {
 public:
  /// The next slice, rows x cols.
  Slice add(std::string name, Index rows, Index cols) {
    constexpr Index large = 4096, line = 16;  // numbers
    if (rows * cols >= large) size_ += (line - size_ % line) % line;
    const Slice slice{size_, rows, cols};
    size_ += slice.size();
    slices_.emplace_back(std::move(name), slice);
    return slice;
  }

  /// How long the vector must be.
  Index size() const { return size_; }
  /// All of them with their names, in the order of the vector.
  const std::vector<std::pair<std::string, Slice>>& slices() const { return slices_; }

 private:
  Index size_ = 0;
  std::vector<std::pair<std::string, Slice>> slices_;
};

}  // namespace elbo
