#include "calls.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace interactive {
namespace {

template <class Parts>
Parts together(std::initializer_list<Parts> parts) {
  Parts all;
  for (Parts part : parts) all.merge(part);
  return all;
}

// What this module has: CMakeLists.txt says which instruments go together.
const Calls& calls() {
  static const Calls all = together<Calls>({
#if defined(WITH_models)
    kl_calls(), bound_calls(), gradients_calls(), mixture_calls(),
#endif
#if defined(WITH_networks)
        training_calls(), latent_calls(), diffusion_calls(),
#endif
  });
  return all;
}

const Gifts& gifts() {
  static const Gifts all = together<Gifts>({
#if defined(WITH_networks)
    training_gifts(), latent_gifts(), diffusion_gifts()
#endif
  });
  return all;
}

[[noreturn]] void refuse(const std::string& name, const std::string& wanted,
                         const std::string& found) {
  throw std::invalid_argument(name + ": wanted " + wanted + ", found " + found);
}

std::string text(
    double number) {  // without a stream, which would be a tenth of what a page fetches
  std::array<char, 32> out;
  std::snprintf(out.data(), out.size(), "%g", number);
  return out.data();
}

// Not a number is in no range.
void check(const std::string& name, const Argument& wanted, double number) {
  const auto& [what, lowest, highest, is_whole] = wanted;
  if (!(number >= lowest && number <= highest)) {
    refuse(name, std::string(what) + " from " + text(lowest) + " to " + text(highest),
           text(number));
  }
  if (is_whole && number != std::floor(number)) {
    refuse(name, std::string(what) + " as a whole number", text(number));
  }
}

template <class Parts>
const auto& find(const Parts& parts, const std::string& name) {
  const auto found = parts.find(name);
  if (found == parts.end()) refuse("call", "a name of the list in docs/interactive", name);
  return found->second;
}

}  // namespace

Numbers call(const std::string& name, const Numbers& numbers) {
  const Call& chosen = find(calls(), name);
  const std::size_t count = chosen.arguments.size();
  if (numbers.size() < count || (numbers.size() > count && !chosen.rest)) {
    refuse(name, std::to_string(count) + " numbers", std::to_string(numbers.size()));
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    check(name, i < count ? chosen.arguments[i] : *chosen.rest, numbers[i]);
  }
  return chosen.run(numbers);
}

Numbers give(const std::string& name, Bytes bytes) {
  return find(gifts(), name)(bytes);
}

}  // namespace interactive
