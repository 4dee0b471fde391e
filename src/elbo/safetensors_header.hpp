// The header of a safetensors file, read with suspicion: what it says is what the file holds.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "elbo/tensor.hpp"

namespace elbo {

/// A tensor, still without its bytes, and where they stand in the data after the header.
struct TensorPlace {
  Tensor tensor;            ///< name, type and shape
  std::uint64_t begin = 0;  ///< its first byte
  std::uint64_t end = 0;    ///< one past its last
};

/// What a header says, once it is believed.
struct SafetensorsHeader {
  std::vector<TensorPlace> places;              ///< in the order of their bytes, without a gap
  std::map<std::string, std::string> metadata;  ///< words about the whole
  std::string_view data;                        ///< what follows the header: exactly these places
};

/// The one name that is no tensor's.
inline constexpr const char* metadata_key = "__metadata__";

/// Reads the header of a whole file and holds it against the bytes after it. Throws
/// std::runtime_error in one line: source, wanted, found, what to do.
SafetensorsHeader read_safetensors_header(std::string_view bytes, const std::string& source);

/// Throws that line.
[[noreturn]] void refuse_safetensors(const std::string& source, const std::string& wanted,
                                     const std::string& found);

/// A name from a file, fit to stand in a message: quoted, ASCII, one line, not too long.
std::string quoted(const std::string& name);

}  // namespace elbo
