// Any command line: the input is its words, each ended by a zero byte (which no word can hold).
#include "elbo/options.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iostream>
#include <limits>
#include <sstream>

#include "fuzz.hpp"

using namespace elbo;

namespace {

bool within(double value, double least, double most) {
  return least <= value && value <= most;
}

// A chapter with one option of every kind.
struct Chapter {
  Chapter() {
    options.add("--count", count, "a whole number", {1, 1000});
    options.add("--any", any, "any whole number", {});
    options.add("--size", size, "a number", {-2.5, 100});
    options.add("--least", least, "no upper end", {0.5});
    options.add("--mean", mean, "a list", {-10, 10});
    options.add("--kind", kind, "a word", {"red", "green"});
  }

  void check() const {
    must(within(count, 1, 1000), "--count in range");
    must(within(size, -2.5, 100), "--size in range");
    must(within(least, 0.5, std::numeric_limits<double>::max()), "--least in range");
    must(!mean.empty() && std::all_of(mean.begin(), mean.end(),
                                      [](double entry) { return within(entry, -10, 10); }),
         "--mean in range, and not empty");
    must(kind == "red" || kind == "green", "--kind of its words");
    must(common.seed <= 1'000'000'000'000'000, "--seed in range");
    must(within(common.threads, 0, 256), "--threads in range");
    must(!common.out.empty(), "--out that is a name");
    must(options.given("--count") || count == 7, "a default that stays");
  }

  Options options{"07_trial", "A chapter that is none."};
  const CommonOptions& common = options.common;
  int count = 7, any = 0;
  double size = 1.5, least = 3;
  std::vector<double> mean = {0.3, -1.2};
  std::string kind = "red";
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream input({reinterpret_cast<const char*>(data), size});
  std::vector<std::string> words = {"07_trial"};
  for (std::string word; std::getline(input, word, '\0');) words.push_back(word);
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  std::ostringstream help;  // not to the terminal, a thousand times a second
  std::streambuf* const before = std::cout.rdbuf(help.rdbuf());
  try {
    Chapter chapter;
    const bool run = chapter.options.parse(static_cast<int>(words.size()), argv.data());
    if (run) chapter.check();
    must(run == help.str().empty(), "help, or a run");
  } catch (const UsageError& error) {
    must_be_one_line(error.what());
    must(std::string(error.what()).ends_with("; see 07_trial --help"), "the way to the help");
  }
  std::cout.rdbuf(before);
  return 0;
}
