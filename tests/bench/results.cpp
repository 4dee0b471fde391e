#include "results.hpp"

#include <cmath>
#include <cstdint>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace bench {

struct Results::State {
  nlohmann::ordered_json flat = nlohmann::ordered_json::object();
  bool print;

  template <class Value>
  void add(const std::string& name, const Value& value) {
    flat[name] = value;
    if (print) std::cout << name.substr(1) << ' ' << flat[name] << std::endl;
  }
};

Results::Results(bool print) : state_(std::make_unique<State>()) {
  state_->print = print;
}

Results::~Results() = default;

void Results::number(const std::string& name, double value) {
  if (!std::isfinite(value)) {
    throw std::runtime_error("the measurement " + name + " is not a finite number");
  }
  // As JSON a count looks like one.
  const auto whole = static_cast<std::int64_t>(value);
  if (static_cast<double>(whole) == value) return state_->add(name, whole);
  state_->add(name, value);
}

void Results::text(const std::string& name, const std::string& value) {
  state_->add(name, value);
}

void Results::flag(const std::string& name, bool value) {
  state_->add(name, value);
}

std::string Results::json() const {
  return state_->flat.unflatten().dump(2) + "\n";
}

}  // namespace bench
