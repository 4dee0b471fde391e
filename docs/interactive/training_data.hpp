// What the reader's VAE learns from: the book's own digits, or an IDX file that was handed in.
#pragma once

#include <cstdint>
#include <vector>

#include "calls.hpp"
#include "elbo/data_source.hpp"

namespace interactive {

/// Pictures in an order; the last of them are held out, to measure on.
struct Pictures {
  elbo::Images images;
  std::vector<std::uint32_t> order;
  std::size_t held_out = 0;

  /// The others. The source refers to this.
  elbo::DataSource<float> learned() const;
  /// Number `i` of those held out.
  std::uint32_t held(std::size_t i) const { return order[order.size() - held_out + i]; }
  /// All of them as columns.
  elbo::Matrix<float> held() const;
};

enum class Origin { book, reader };

/// Throws std::invalid_argument where the reader has given nothing.
const Pictures& pictures(Origin origin);

/// Takes an IDX file of images, or of the labels of those that came last.
/// -> images, labels (0 or as many), rows and columns of a picture
Numbers take_pictures(Bytes file);

}  // namespace interactive
