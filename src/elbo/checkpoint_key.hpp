// Whose checkpoint a file is, and that it is whole: the words in its header.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "elbo/safetensors.hpp"

namespace elbo {

/// What a checkpoint belongs to: a program, and every setting that its numbers depend on, by the
/// name that the reader knows: {"--latent", "20"}. (The threads change no number.)
struct CheckpointKey {
  std::string program;                                             ///< the chapter, by its name
  std::uint64_t seed = 1;                                          ///< what --seed said
  std::vector<std::pair<std::string, std::string>> settings = {};  ///< the others: name, value

  /// One setting more.
  void add(const std::string& name, const std::string& value);
  /// The same for a number, in as many digits as tell it from others.
  void add(const std::string& name, double value);
};

/// Fills the metadata: format, version, program and settings, and the SHA-256 of all the rest.
void seal_checkpoint(TensorFile& file, const CheckpointKey& key);

/// Throws std::runtime_error in one line where the file is no checkpoint, of another version, not
/// as it was written, or another run's.
void check_checkpoint(const TensorFile& file, const CheckpointKey& key);

/// Throws that line: the file, what is wrong, what to do.
[[noreturn]] void refuse_checkpoint(const std::string& source, const std::string& what,
                                    const std::string& advice = "choose another --checkpoint FILE");

}  // namespace elbo
