// The IDX format of MNIST: a four-byte magic, big-endian sizes, then the bytes. Plain or gzip.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "elbo/images.hpp"

namespace elbo {

/// Reads an IDX file of unsigned bytes with three dimensions (magic 00 00 08 03) into pictures
/// without labels. The sizes in the header are believed only as far as the file has bytes for them.
/// Throws std::runtime_error, one line: path, wanted, found, what to do.
Images read_idx_images(const std::filesystem::path& path);

/// The same for labels: one dimension (magic 00 00 08 01), values 0 .. 9.
std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path);

}  // namespace elbo
