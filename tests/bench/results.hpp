// The numbers of a section: printed as they come, kept as JSON.
#pragma once

#include <memory>
#include <string>

namespace bench {

/// Names are paths: "/scaling/batch/0/seconds" becomes {"scaling": {"batch": [{"seconds": ...}]}}.
class Results {
 public:
  /// `print`: a line on standard output for each.
  explicit Results(bool print);
  ~Results();

  /// Throws std::runtime_error unless it is finite.
  void number(const std::string& name, double value);
  void text(const std::string& name, const std::string& value);
  void flag(const std::string& name, bool value);

  std::string json() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bench
