// The options every chapter has, and how a chapter adds its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace elbo {

/// A mistake of the reader at the command line: one line, exit status 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Ctrl-C, or a polite kill, after what was done is saved: one line, exit status 128 + the signal.
struct Interrupted : std::runtime_error {
  /// `by` which signal, and the line for the reader.
  Interrupted(int by, const std::string& said) : std::runtime_error(said), signal(by) {}
  int signal;  ///< its number: SIGINT or SIGTERM
};

/// What all chapters understand.
struct CommonOptions {
  std::uint64_t seed = 1;       ///< same seed, same numbers, on any number of threads
  int threads = 0;              ///< 0: one per core
  std::filesystem::path out;    ///< folder for what is left behind; by default out/CHAPTER
  bool quick = false;           ///< a few seconds instead of the full run
  std::string data = "digits";  ///< as load_digits takes it
  bool json = false;            ///< results.json alone on standard output
};

/// Reads the command line. Register the options, then parse:
///   Options options("03_reparameterization", "Two ways to differentiate an expectation.");
///   options.add("--dimension", d, "size of z", {1, 1000});
///   if (!options.parse(argc, argv)) return 0;   // --help was asked for and printed
class Options {
 public:
  /// `chapter` is the folder's name, `summary` what --help begins with.
  Options(std::string chapter, const std::string& summary);
  ~Options();

  /// Between which values a number must lie, both allowed. Anywhere, by default.
  struct Range {
    double least = -std::numeric_limits<double>::max();  ///< the lower end
    double most = std::numeric_limits<double>::max();    ///< the upper end
  };

  /// A whole number. `value` has the default and is filled by parse; `what` is its line in --help.
  void add(const std::string& name, int& value, const std::string& what, Range range);
  /// Any number.
  void add(const std::string& name, double& value, const std::string& what, Range range);
  /// Comma-separated, as in --mean 0.3,-1.2.
  void add(const std::string& name, std::vector<double>& value, const std::string& what,
           Range range);
  /// One word of `choices`.
  void add(const std::string& name, std::string& value, const std::string& what,
           const std::vector<std::string>& choices);
  /// The name of a file.
  void add(const std::string& name, std::filesystem::path& value, const std::string& what);
  /// A flag: given or not.
  void add(const std::string& name, bool& value, const std::string& what);
  /// The option was given, not left at its default.
  bool given(const std::string& name) const;

  /// False when --help was asked for (and printed). Throws UsageError.
  bool parse(int argc, char** argv);

  CommonOptions common;  ///< filled by parse
  /// As it was made.
  const std::string& chapter() const { return chapter_; }
  /// The command line that was parsed, as a shell would take it again.
  const std::string& command() const { return command_; }

 private:
  struct Parser;
  std::string chapter_, command_;
  std::unique_ptr<Parser> parser_;
};

/// Runs a chapter's body; what it throws becomes one line on standard error and the exit status: 2
/// for UsageError, 128 + the signal for Interrupted (130 for Ctrl-C), 1 for everything else.
int run_chapter(const std::string& chapter, const std::function<int()>& body);

}  // namespace elbo
