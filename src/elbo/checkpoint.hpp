// A run on disk: all it takes to go on after a kill and end with the same bits.
//
// The file is safetensors, so Python reads it: an array for every block of the parameters
// ("parameters/encoder.0.weight") and of Adam's two means ("adam/m/...", "adam/v/..."), counters
// ("adam/steps", "progress/..."), what was measured so far ("history/..."). The header's
// __metadata__ has the settings that the numbers depend on and the SHA-256 of all the rest. The
// random numbers have no state but the seed, a setting, and the counters.
#pragma once

#include <filesystem>

#include "elbo/adam.hpp"
#include "elbo/checkpoint_key.hpp"
#include "elbo/parameters.hpp"
#include "elbo/report.hpp"
#include "elbo/trainer.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// What is saved, and where it is put back: each belongs to the run.
template <class T>
struct RunState {
  Vector<T>& parameters;  ///< the model's
  const Layout& layout;   ///< of the parameters
  Adam<T>& adam;          ///< its two means and its steps
  Progress& progress;     ///< the trainer's
  Table& history;         ///< what was measured so far: a row an epoch, say
};

/// Writes the file whole or not at all. Throws std::runtime_error in one line, also where the
/// parameters are no longer finite: such a file would be of no use.
template <class T>
void save_checkpoint(const std::filesystem::path& path, const CheckpointKey& key,
                     const RunState<T>& state);

/// Puts everything back; or throws std::runtime_error in one line and has changed nothing, where
/// the file is no checkpoint, not whole, of another version, of other settings or shapes.
template <class T>
void load_checkpoint(const std::filesystem::path& path, const CheckpointKey& key,
                     const RunState<T>& state);

}  // namespace elbo
