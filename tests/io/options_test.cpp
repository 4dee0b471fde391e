// Options: what is understood, and that each mistake is named with what was wanted and found.
#include "elbo/options.hpp"

#include <iostream>
#include <new>
#include <sstream>

#include "scratch.hpp"

using namespace elbo;

namespace {

// A chapter with one option of every kind.
struct Chapter {
  Chapter() {
    options.add("--count", count, "a whole number", {1, 1000});
    options.add("--size", size, "a number", {-2.5, 100});
    options.add("--least", least, "no upper end", {0.5});
    options.add("--mean", mean, "a list", {-10, 10});
    options.add("--kind", kind, "a word", {"red", "green"});
  }

  bool parse(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "07_trial");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    return options.parse(static_cast<int>(arguments.size()), argv.data());
  }

  Options options{"07_trial", "A chapter that is none."};
  int count = 7;
  double size = 1.5, least = 3;
  std::vector<double> mean = {0.3, -1.2};
  std::string kind = "red";
};

// What a UsageError says; empty when the arguments are taken.
std::string mistake(const std::vector<std::string>& arguments) {
  Chapter chapter;
  return message<UsageError>([&] { chapter.parse(arguments); });
}

// A value that is refused: the option, what was wanted, and the value itself.
void check_refused(const std::string& name, const std::string& value, const std::string& wanted) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{name, value}, std::vector<std::string>{name + "=" + value}}) {
    INFO("arguments: " << arguments.front() << " ... '" << value << "'");
    const std::string said = mistake(arguments);
    check_message(said, {name, "--help"});
    // "--name=" counts as a value that is missing.
    if (arguments.front() != name + "=")
      check_message(said, {"wanted " + wanted, "found '" + value + "'"});
  }
}

// What a chapter that ends so prints on standard error, and its exit status.
std::pair<int, std::string> status_and_error(const std::function<int()>& body) {
  std::ostringstream caught;
  std::streambuf* before = std::cerr.rdbuf(caught.rdbuf());
  const int status = run_chapter("07_trial", body);
  std::cerr.rdbuf(before);
  return {status, caught.str()};
}

}  // namespace

TEST_CASE("without arguments everything has its default", "[options]") {
  Chapter chapter;
  CHECK(chapter.parse({}));
  const CommonOptions& common = chapter.options.common;
  CHECK((common.seed == 1 && common.threads == 0 && !common.quick && !common.json));
  CHECK(common.data == "digits");
  CHECK(common.out == std::filesystem::path("out/07_trial"));
  CHECK((chapter.count == 7 && chapter.size == 1.5 && chapter.kind == "red"));
  CHECK(chapter.mean == std::vector<double>{0.3, -1.2});
  CHECK_FALSE(chapter.options.given("--count"));
  CHECK_FALSE(chapter.options.given("--seed"));
  CHECK(chapter.options.chapter() == "07_trial");
}

TEST_CASE("every option is read, in either spelling and any order", "[options]") {
  Chapter chapter;
  CHECK(chapter.parse({"--kind", "green", "--json", "--seed=12345678901", "--threads", "3", "--out",
                       "some/where else", "--quick", "--data", "mnist", "--count", "1000", "--size",
                       "-2.5e0", "--least=1e9", "--mean", "1,-2,.5,3e-1"}));
  const CommonOptions& common = chapter.options.common;
  CHECK((common.seed == 12345678901 && common.threads == 3 && common.quick && common.json));
  CHECK((common.data == "mnist" && common.out == std::filesystem::path("some/where else")));
  CHECK((chapter.count == 1000 && chapter.size == -2.5 && chapter.least == 1e9));
  CHECK(chapter.mean == std::vector<double>{1, -2, 0.5, 0.3});
  CHECK(chapter.kind == "green");
  CHECK(chapter.options.given("--count"));
  CHECK(chapter.options.given("--quick"));
}

TEST_CASE("negative numbers and lists are values, not options", "[options]") {
  const auto mean = [](const std::vector<std::string>& arguments) {
    Chapter chapter;
    CHECK(chapter.parse(arguments));
    return chapter.mean;
  };
  CHECK(mean({"--mean", "0.3,-1.2"}) == std::vector<double>{0.3, -1.2});
  CHECK(mean({"--mean", "-0.3,1"}) == std::vector<double>{-0.3, 1});
  CHECK(mean({"--mean", "-0.3,-1"}) == std::vector<double>{-0.3, -1});
  CHECK(mean({"--mean=-0.3"}) == std::vector<double>{-0.3});
  CHECK(mean({"--mean", "-.3"}) == std::vector<double>{-0.3});
  CHECK(mean({"--mean", "-3"}) == std::vector<double>{-3});
  Chapter chapter;
  CHECK(chapter.parse({"--size", "-1"}));
  CHECK(chapter.size == -1);
}

TEST_CASE("the ends of a range belong to it", "[options]") {
  for (const char* value : {"1", "1000", "1e3", "7.0"}) {
    Chapter chapter;
    CHECK(chapter.parse({"--count", value}));
    CHECK(chapter.count == std::stod(value));
  }
  Chapter chapter;
  CHECK(chapter.parse({"--seed", "1000000000000000", "--threads", "256"}));
  CHECK(chapter.options.common.seed == 1000000000000000);
}

TEST_CASE("numbers out of range, or no numbers, are refused by name", "[options]") {
  for (const char* value : {"0", "1001", "-1", "3.5", "nan", "inf", "-inf", "1e400", "0x10", "",
                            "seven", "7seven", "7 ", "1,2", "--", "1e3000000000"}) {
    check_refused("--count", value, "a whole number between 1 and 1000");
  }
  for (const char* value :
       {"-2.51", "100.01", "nan", "NAN", "inf", "infinity", "1e400", "0x1p3", "", "1..2", "1,2"}) {
    check_refused("--size", value, "a number between -2.5 and 100");
  }
  check_refused("--least", "0.4", "a number of at least 0.5");
  for (const char* value : {"-1", "1.5", "1e16", "nan", "99999999999999999999"}) {
    check_refused("--seed", value, "a whole number between 0 and 1e+15");
  }
  for (const char* value : {"-1", "257", "two"}) {
    check_refused("--threads", value, "a whole number between 0 and 256");
  }
}

TEST_CASE("a bad entry of a list is refused by name", "[options]") {
  for (const auto& [list, entry] : {std::pair{"1,,2", ""},
                                    {",1", ""},
                                    {"1,", ""},
                                    {"", ""},
                                    {",", ""},
                                    {"1,11", "11"},
                                    {"1;2", "1;2"},
                                    {"1,x,3", "x"},
                                    {"0.3,nan", "nan"},
                                    {"1,1e400", "1e400"},
                                    {"0x1,2", "0x1"}}) {
    INFO("the list '" << list << "'");
    check_message(mistake({"--mean", list}), {"--mean", "wanted a number between -10 and 10",
                                              std::string("found '") + entry + "'"});
  }
}

TEST_CASE("a word that is not among the choices is refused with all of them", "[options]") {
  check_refused("--kind", "blue", "one of red, green");
  check_refused("--kind", "", "one of red, green");
  check_refused("--kind", "Red", "one of red, green");
  check_refused("--out", "", "a folder");
}

TEST_CASE("options that do not exist, lack a value, or come twice", "[options]") {
  for (const char* unknown :
       {"--wrong", "--wrong=3", "--coun", "--Count", "-c", "-5", "stray", "count=3"}) {
    INFO("the argument " << unknown);
    const std::string text = unknown;
    check_message(mistake({unknown}), {text.substr(0, text.find("=3")), "--help"});
  }
  // A flag is there or not.
  for (const char* flag : {"--quick=false", "--json=3"}) {
    check_message(mistake({flag}), {std::string(flag).substr(0, 6), "--help"});
  }
  check_message(mistake({"--count", "3", "stray"}), {"stray"});
  for (const char* name : {"--count", "--size", "--mean", "--kind", "--seed", "--out", "--data"}) {
    INFO("the option " << name);
    check_message(mistake({name}), {name, "--help"});
    check_message(mistake({name, "1", name, "1"}), {name, "--help"});
  }
}

TEST_CASE("a message stays one line whatever was typed", "[options]") {
  for (const char* value : {"1\n2", "\n", "1\r\n"}) {
    CHECK_FALSE(contains(mistake({"--count", value}), "\n"));
    CHECK_FALSE(contains(mistake({"--kind", value}), "\n"));
    CHECK_FALSE(contains(mistake({value}), "\n"));
    CHECK_FALSE(mistake({value}).empty());
  }
}

TEST_CASE("--help prints every option with its default and starts nothing", "[options]") {
  Chapter chapter;
  std::ostringstream caught;
  std::streambuf* before = std::cout.rdbuf(caught.rdbuf());
  const bool go_on = chapter.parse({"--help"});
  std::cout.rdbuf(before);
  CHECK_FALSE(go_on);
  for (const char* part :
       {"A chapter that is none.", "07_trial", "--seed", "--threads", "--out", "out/07_trial",
        "--quick", "--data", "--json", "--count", "7", "--mean", "0.3,-1.2", "red, green"}) {
    INFO("wanted: " << part);
    CHECK(contains(caught.str(), part));
  }
}

TEST_CASE("a chapter's end: 2 for the reader's mistake, 1 for another, one line each",
          "[options]") {
  CHECK(status_and_error([] { return 0; }) == std::pair{0, std::string()});
  CHECK(status_and_error([] { return 1; }) == std::pair{1, std::string()});
  CHECK(status_and_error([]() -> int { throw UsageError("--mean: no"); }) ==
        std::pair{2, std::string("07_trial: --mean: no\n")});
  CHECK(status_and_error([]() -> int { throw std::runtime_error("a file: no"); }) ==
        std::pair{1, std::string("07_trial: a file: no\n")});
  const auto [status, said] = status_and_error([]() -> int { throw std::bad_alloc(); });
  CHECK(status == 1);
  check_message(said.substr(0, said.size() - 1), {"07_trial: not enough memory"});
}
