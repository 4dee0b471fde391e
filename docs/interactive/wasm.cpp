// The calls for a page: an array of numbers, or a message where C++ would throw.
#include <emscripten/bind.h>

#include <exception>

#include "calls.hpp"

namespace {

using emscripten::val;

template <class Ask>
val answer(const Ask& ask) {
  try {
    const interactive::Numbers numbers = ask();
    return val::global("Float64Array")
        .new_(emscripten::typed_memory_view(numbers.size(), numbers.data()));
  } catch (const std::exception& error) {
    return val(std::string(error.what()));
  }
}

val call(const std::string& name, const val& numbers) {
  return answer([&] {
    return interactive::call(name, emscripten::convertJSArrayToNumberVector<double>(numbers));
  });
}

val give(const std::string& name, const val& bytes) {
  return answer([&] {
    const auto copy = emscripten::convertJSArrayToNumberVector<std::uint8_t>(bytes);
    return interactive::give(name, copy);
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(elbo) {
  emscripten::function("call", &call);
  emscripten::function("give", &give);
}
