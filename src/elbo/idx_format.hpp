// What stands in an IDX file, wherever its bytes come from: a four-byte magic, big-endian sizes,
// then the bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "elbo/images.hpp"

namespace elbo {

/// Bytes one after the other, and how a message about them reads.
struct ByteSource {
  std::string name;    ///< what a message begins with
  std::string advice;  ///< what it ends with: what to do; may be empty
  /// Copies so many to `to` and says how many those were; fewer only at the end.
  std::function<std::size_t(std::uint8_t* to, std::size_t count)> read;

  /// Those of `bytes`, which it refers to.
  static ByteSource from(std::string name, std::span<const std::uint8_t> bytes);
  /// Throws std::runtime_error, one line.
  [[noreturn]] void refuse(const std::string& wanted, const std::string& found) const;
};

/// Pictures of unsigned bytes, three dimensions (magic 00 00 08 03), without labels. The sizes in
/// the header are believed only as far as there are bytes for them. Throws std::runtime_error.
Images parse_idx_images(const ByteSource& source);

/// The same for labels: one dimension (magic 00 00 08 01), values 0 .. 9.
std::vector<std::uint8_t> parse_idx_labels(const ByteSource& source);

}  // namespace elbo
