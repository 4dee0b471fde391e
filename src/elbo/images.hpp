// Grey pictures as they are stored: one byte a pixel, expanded to numbers a batch at a time.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "elbo/types.hpp"

namespace elbo {

/// A set of equally sized grey pictures, with or without labels.
struct Images {
  Index count = 0;                   ///< pictures
  Index rows = 0;                    ///< of each
  Index cols = 0;                    ///< of each
  std::vector<std::uint8_t> pixels;  ///< count * rows * cols, picture after picture, row by row
  std::vector<std::uint8_t> labels;  ///< empty, or one per picture

  /// D, the length of one picture written as a column.
  Index dimension() const { return rows * cols; }

  /// x (D x n): the chosen pictures as columns, 0 .. 255 mapped to [0, 1].
  template <class T>
  void gather(std::span<const std::uint32_t> chosen, Matrix<T>& x) const {
    x.resize(dimension(), static_cast<Index>(chosen.size()));
    using Bytes = Eigen::Matrix<std::uint8_t, Eigen::Dynamic, 1>;
    const auto start = [&](Index j) {
      return pixels.data() + static_cast<Index>(chosen[static_cast<std::size_t>(j)]) * dimension();
    };
    for (Index j = 0; j < x.cols(); ++j) {
      if (j + 1 < x.cols()) fetch(start(j + 1));
      x.col(j) =
          Eigen::Map<const Bytes>(start(j), dimension()).template cast<T>() * (T(1) / T(255));
    }
  }

  /// The same for `n` pictures from `first` on, in their stored order. Throws std::out_of_range.
  template <class T>
  Matrix<T> block(Index first, Index n) const {
    if (first < 0 || n < 0 || first + n > count) {
      throw std::out_of_range("Images::block: wanted pictures " + std::to_string(first) + " to " +
                              std::to_string(first + n) + ", found " + std::to_string(count));
    }
    using Bytes = Eigen::Matrix<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic>;
    const Eigen::Map<const Bytes> stored(pixels.data() + first * dimension(), dimension(), n);
    return stored.template cast<T>() * (T(1) / T(255));
  }

  /// Brings a picture nearer that is wanted next: the chosen lie far apart.
  void fetch(const std::uint8_t* picture) const {
    constexpr Index line = 64;  // bytes
    for (Index i = 0; i < dimension(); i += line) __builtin_prefetch(picture + i);
  }

  /// The first `n` pictures (all, if there are fewer) as a set of their own.
  Images first(Index n) const;
};

}  // namespace elbo
