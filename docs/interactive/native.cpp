// The calls from the command line, a line each: `NAME NUMBER...`, or `< NAME FILE` to hand a file
// in. For each a line of numbers, or ! and what was wrong.
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "calls.hpp"

namespace {

interactive::Numbers answer(const std::string& line) {
  std::istringstream words(line);
  std::string name, file;
  words >> name;
  if (name == "<") {
    words >> name >> file;
    std::ifstream stream(file, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
    return interactive::give(name,
                             {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  }
  interactive::Numbers numbers;
  for (std::string word; words >> word;) numbers.push_back(std::strtod(word.c_str(), nullptr));
  return interactive::call(name, numbers);
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    try {
      for (const double number : answer(line)) std::printf("%.17g ", number);
    } catch (const std::exception& error) {
      std::printf("! %s", error.what());
    }
    std::printf("\n");
    std::fflush(stdout);
  }
}
