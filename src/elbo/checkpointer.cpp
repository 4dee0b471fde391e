#include "elbo/checkpointer.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <forward_list>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace elbo {
namespace {

namespace fs = std::filesystem;

// What the signal handler sees: an atomic without a lock is all it may touch.
std::atomic<int> caught = 0;                           // the signal that came, 0 for none
std::atomic<const std::string*> last_words = nullptr;  // once nothing is left to save
static_assert(std::atomic<int>::is_always_lock_free);
static_assert(std::atomic<const std::string*>::is_always_lock_free);

extern "C" void on_signal(int signal) {
  if (const std::string* const words = last_words.load()) {
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, words->data(), words->size());
    ::_exit(128 + signal);
  }
  caught = signal;
}

// A second signal of a kind finds the default again, and kills.
void catch_signals() {
  caught = 0;
  last_words = nullptr;
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

// FILE.PID.tmp of a process that was killed as it wrote (see write_file).
void remove_leftovers(const fs::path& file) {
  const std::string prefix = file.filename().string() + ".", suffix = ".tmp";
  std::error_code ignored;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(suffix)) continue;
    if (name.size() <= prefix.size() + suffix.size()) continue;
    const std::string pid = name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
    if (pid.size() > 9 || pid.find_first_not_of("0123456789") != pid.npos) continue;
    if (::kill(std::atoi(pid.c_str()), 0) == 0 || errno != ESRCH) continue;
    fs::remove(entry.path(), ignored);
  }
}

}  // namespace

void CheckpointOptions::add_to(Options& options) {
  options.add("--checkpoint", file, "keep the reader's model there as it trains");
  options.add("--resume", resume, "go on where --checkpoint FILE stands");
  options.add("--checkpoint-every", every, "seconds; 0 for each step", {0, 1e6});
}

void CheckpointOptions::check(const Options& options) const {
  if (!file.empty()) return;
  for (const char* name : {"--resume", "--checkpoint-every"}) {
    if (!options.given(name)) continue;
    throw UsageError(std::string(name) + ": wanted --checkpoint FILE with it, found none; see " +
                     options.chapter() + " --help");
  }
}

template <class T>
Checkpointer<T>::Checkpointer(CheckpointOptions options, CheckpointKey key, RunState<T> state,
                              const std::string& command)
    : options_(std::move(options)),
      key_(std::move(key)),
      state_(state),
      again_(command + (options_.resume ? "" : " --resume")) {
  if (options_.file.empty()) return;
  const std::string name = options_.file.string();
  std::error_code error;
  const bool there = fs::exists(fs::symlink_status(options_.file, error));
  if (there && !options_.resume) {
    throw std::runtime_error(name +
                             ": wanted no such file yet, found one; add --resume to go on "
                             "with it, or choose another --checkpoint FILE");
  }
  if (there) {
    load_checkpoint(options_.file, key_, state_);
    remove_leftovers(options_.file);
    started_ = name + ": going on " + where();
  } else {
    started_ = name + (options_.resume ? ": not there yet, starting from the beginning"
                                       : ": the training is kept there");
  }
  catch_signals();
  if (!there) save();
  saved_ = std::chrono::steady_clock::now();
}

template <class T>
std::string Checkpointer<T>::where() const {
  return "after step " + std::to_string(state_.progress.steps) +
         " (epochs finished: " + std::to_string(state_.progress.epochs) + ")";
}

template <class T>
void Checkpointer<T>::save() {
  save_checkpoint(options_.file, key_, state_);
  saved_ = std::chrono::steady_clock::now();
}

template <class T>
void Checkpointer<T>::stop_if_asked() const {
  if (const int signal = caught.load()) {
    throw Interrupted(signal, "stopped " + where() + ", saved in " + options_.file.string() +
                                  "; go on with: " + again_);
  }
}

template <class T>
OnStep Checkpointer<T>::on_step() {
  if (options_.file.empty()) return {};
  return [this](const Progress&) {
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - saved_;
    if (caught.load() == 0 && since.count() < options_.every) return;
    save();
    stop_if_asked();
  };
}

template <class T>
void Checkpointer<T>::finish() {
  if (options_.file.empty()) return;
  save();
  // Never freed: a signal may come until the very end of the process.
  static auto& said = *new std::forward_list<std::string>;
  said.push_front(key_.program + ": stopped after the training, which " + options_.file.string() +
                  " holds; go on with: " + again_ + "\n");
  last_words = &said.front();
  stop_if_asked();
}

template class Checkpointer<float>;
template class Checkpointer<double>;

}  // namespace elbo
