// Named arrays in a file: the safetensors format, which PyTorch, JAX and numpy read too.
//
// Eight bytes say how long the header is; the header, in JSON, gives each array's name, element
// type, shape and place; then come the arrays themselves. Unlike a pickle, such a file holds no
// code.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "elbo/tensor.hpp"

namespace elbo {

/// What a file holds.
struct TensorFile {
  std::vector<Tensor> tensors;                  ///< in the order of their bytes
  std::map<std::string, std::string> metadata;  ///< words about the whole
  std::string source;                           ///< where it was read from, for messages

  /// Null where there is none of that name.
  const Tensor* find(std::string_view name) const;

  /// The tensor of that name, if its type and shape are these. Throws std::runtime_error in one
  /// line: source, wanted, found, what to do.
  const Tensor& get(const std::string& name, ElementType type, const TensorShape& shape) const;
};

/// The file's bytes; the data begins at a multiple of 8. Throws std::invalid_argument for a name
/// that is taken, reserved or not UTF-8, and for a shape that disagrees with its bytes.
std::string to_safetensors(const TensorFile& file);

/// The reverse. Nothing that the bytes claim is believed before it is held against what is there.
/// Throws std::runtime_error in one line: source, wanted, found, what to do.
TensorFile from_safetensors(std::string_view bytes, const std::string& source);

/// Writes the file whole or, throwing as to_safetensors and write_file do, not at all.
void save_safetensors(const std::filesystem::path& path, const TensorFile& file);

/// Throws as from_safetensors does, and where there is no file of at most 2 GiB to read.
TensorFile load_safetensors(const std::filesystem::path& path);

}  // namespace elbo
