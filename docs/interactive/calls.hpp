// What the instruments on the pages ask of the library: a name and numbers in, numbers out. The
// browser (wasm.cpp) and a native program (native.cpp) offer the same calls, and a test compares
// their answers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace interactive {

using Numbers = std::vector<double>;
using Bytes = std::span<const std::uint8_t>;

/// One argument: its name, and between which values it makes sense, `whole` numbers alone or any.
struct Argument {
  const char* name;
  double lowest, highest;
  bool is_whole = false;
};
constexpr bool whole = true;

/// One thing that can be asked. After the arguments come any number of further ones, if `rest` says
/// what they are.
struct Call {
  std::vector<Argument> arguments;
  Numbers (*run)(const Numbers&);
  std::optional<Argument> rest = {};
};

using Calls = std::map<std::string, Call>;
/// Files that can be handed in: what reads each of them, and what it found, in numbers.
using Gifts = std::map<std::string, Numbers (*)(Bytes)>;

/// Runs the call of that name. Throws std::invalid_argument, with what was wanted and what was
/// found, and whatever the call throws.
Numbers call(const std::string& name, const Numbers& numbers);
/// Hands a file in, in the same way.
Numbers give(const std::string& name, Bytes bytes);

/// What each instrument asks.
Calls kl_calls();
Calls bound_calls();
Calls gradients_calls();
Calls training_calls();
Calls latent_calls();
Calls mixture_calls();
Calls diffusion_calls();
/// What each is given.
Gifts training_gifts();
Gifts latent_gifts();
Gifts diffusion_gifts();

}  // namespace interactive
