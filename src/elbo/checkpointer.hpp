// When a run is saved, and how it stops and goes on: the rules around checkpoint.hpp.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "elbo/checkpoint.hpp"
#include "elbo/options.hpp"
#include "elbo/trainer.hpp"

namespace elbo {

/// --checkpoint FILE, --resume and --checkpoint-every SECONDS.
struct CheckpointOptions {
  std::filesystem::path file;  ///< empty: nothing is kept
  bool resume = false;         ///< go on from what the file holds
  double every = 10;           ///< seconds from one save to the next; 0: after each step

  /// Adds the three to a chapter's options.
  void add_to(Options& options);
  /// After parsing. Throws UsageError for --resume and nothing to go on with.
  void check(const Options& options) const;
};

/// Keeps a run's state in a file while it trains, and stops it at a signal:
///   Checkpointer<float> keeper(o.checkpoint, key, {...}, o.options.command());
///   trainer.train(data, on_epoch, keeper.on_step());
///   keeper.finish();
/// One at a time in a process, for there is one Ctrl-C: after it the step is finished, saved, and
/// Interrupted thrown; a second one ends the process at once, and so does the first after
/// finish(), with nothing lost and status 130. Without a file all this does nothing.
template <class T>
class Checkpointer {
 public:
  /// Saves the beginning, so that a place that cannot be written is found at once; or loads, with
  /// --resume, what is there. Throws std::runtime_error in one line as load_checkpoint and
  /// save_checkpoint do, and for a file that is there without --resume. `command` is what the
  /// reader typed.
  Checkpointer(CheckpointOptions options, CheckpointKey key, RunState<T> state,
               const std::string& command);

  /// A line for the reader: where the run begins. Empty without a file.
  const std::string& started() const { return started_; }

  /// Saves if it is time. Refers to this object.
  OnStep on_step();

  /// Saves the end of training.
  void finish();

 private:
  void save();
  void stop_if_asked() const;
  std::string where() const;

  CheckpointOptions options_;
  CheckpointKey key_;
  RunState<T> state_;
  std::string started_, again_;  // again_: the command that goes on
  std::chrono::steady_clock::time_point saved_;
};

}  // namespace elbo
