#include "elbo/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cmath>
#include <iostream>
#include <new>
#include <sstream>
#include <string_view>

namespace elbo {
namespace {

std::string number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

std::string in_words(Options::Range range) {
  constexpr double none = std::numeric_limits<double>::max();
  if (range.least > -none && range.most < none) {
    return " between " + number(range.least) + " and " + number(range.most);
  }
  if (range.least > -none) return " of at least " + number(range.least);
  return range.most < none ? " of at most " + number(range.most) : "";
}

// What was typed, fit to stand in a message of one line.
std::string printable(const std::string& text) {
  std::string shown;
  for (const char c : text) shown += std::iscntrl(static_cast<unsigned char>(c)) != 0 ? '?' : c;
  return shown;
}

// One word of a command line, for a shell.
std::string for_shell(const std::string& word) {
  const auto safe = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_-+=,./:@%").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), safe)) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

// What the readers below throw; the parser puts the option's name before it.
std::runtime_error wanted(const std::string& what, const std::string& found) {
  return std::runtime_error("wanted " + what + ", found '" + found + "'");
}

// The whole text as a number in range.
double parse_number(const std::string& text, bool whole, Options::Range range) {
  const std::string what = (whole ? "a whole number" : "a number") + in_words(range);
  double value = 0;
  std::size_t used = 0;
  try {
    value = std::stod(text, &used);
  } catch (const std::exception&) {
    throw wanted(what, text);
  }
  const bool hexadecimal = text.find_first_of("xX") != std::string::npos;
  if (used != text.size() || hexadecimal || !std::isfinite(value) ||
      (whole && value != std::floor(value)) || value < range.least || value > range.most) {
    throw wanted(what, text);
  }
  return value;
}

}  // namespace

struct Options::Parser {
  explicit Parser(const std::string& summary) : app(summary) {}

  // An option whose text `read` turns into a value, with the default shown by --help.
  void add(const std::string& name, const std::string& what, const std::string& type,
           const std::string& initial, const std::function<void(const std::string&)>& read) {
    const auto named = [name, read](const std::string& text) {
      try {
        read(text);
      } catch (const std::runtime_error& error) {
        throw CLI::ValidationError(name, error.what());
      }
    };
    CLI::Option* option = app.add_option_function<std::string>(name, named, what);
    option->type_name(type)->default_str(initial)->multi_option_policy(
        CLI::MultiOptionPolicy::Throw);
  }

  void add_flag(const std::string& name, bool& value, const std::string& what) {
    app.add_flag(name, value, what);
    flags.push_back(name);
  }

  CLI::App app;
  std::vector<std::string> flags;
};

Options::Options(std::string chapter, const std::string& summary)
    : chapter_(std::move(chapter)), parser_(std::make_unique<Parser>(summary)) {
  common.out = std::filesystem::path("out") / chapter_;
  CLI::App& app = parser_->app;
  app.name(chapter_);
  app.option_defaults()->always_capture_default(false);
  app.set_help_flag("--help", "this text");
  parser_->add("--seed", "same seed, same numbers (any thread count)", "WHOLE", "1",
               [this](const std::string& text) {
                 common.seed = static_cast<std::uint64_t>(parse_number(text, true, {0, 1e15}));
               });
  add("--threads", common.threads, "0 for one per core", {0, 256});
  parser_->add("--out", "folder for results.json, CSV and pictures", "FOLDER", common.out.string(),
               [this](const std::string& text) {
                 if (text.empty()) throw wanted("a folder", text);
                 common.out = text;
               });
  add("--quick", common.quick, "a few seconds: fewer samples, fewer epochs");
  parser_->add("--data", "digits, mnist, binarized-mnist, or a folder of IDX files", "NAME",
               common.data, [this](const std::string& text) { common.data = text; });
  add("--json", common.json, "print results.json alone on standard output");
}

Options::~Options() = default;

void Options::add(const std::string& name, int& value, const std::string& what, Range range) {
  range.least = std::max(range.least, -2147483648.0);
  range.most = std::min(range.most, 2147483647.0);
  parser_->add(name, what, "WHOLE", std::to_string(value),
               [&value, range](const std::string& text) {
                 value = static_cast<int>(parse_number(text, true, range));
               });
}

void Options::add(const std::string& name, double& value, const std::string& what, Range range) {
  parser_->add(name, what, "NUMBER", number(value), [&value, range](const std::string& text) {
    value = parse_number(text, false, range);
  });
}

void Options::add(const std::string& name, std::vector<double>& value, const std::string& what,
                  Range range) {
  std::string initial;
  for (const double entry : value) initial += (initial.empty() ? "" : ",") + number(entry);
  parser_->add(name, what, "NUMBER,...", initial, [&value, range](const std::string& text) {
    value.clear();
    std::istringstream entries(text + ",");
    for (std::string entry; std::getline(entries, entry, ',');) {
      value.push_back(parse_number(entry, false, range));
    }
  });
}

void Options::add(const std::string& name, std::string& value, const std::string& what,
                  const std::vector<std::string>& choices) {
  std::string list;
  for (const std::string& choice : choices) list += (list.empty() ? "" : ", ") + choice;
  parser_->add(name, what + ": " + list, "WORD", value,
               [&value, choices, list](const std::string& text) {
                 if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
                   throw wanted("one of " + list, text);
                 }
                 value = text;
               });
}

void Options::add(const std::string& name, std::filesystem::path& value, const std::string& what) {
  parser_->add(name, what, "FILE", value.string(), [&value](const std::string& text) {
    if (text.empty()) throw wanted("a file", text);
    value = text;
  });
}

void Options::add(const std::string& name, bool& value, const std::string& what) {
  parser_->add_flag(name, value, what);
}

bool Options::given(const std::string& name) const {
  return parser_->app.get_option(name)->count() > 0;
}

bool Options::parse(int argc, char** argv) {
  command_ = argc > 0 ? for_shell(argv[0]) : chapter_;
  for (int i = 1; i < argc; ++i) {  // CLI11 would take --quick=false for an instruction
    command_ += " " + for_shell(argv[i]);
    for (const std::string& flag : parser_->flags) {
      if (std::string(argv[i]).rfind(flag + "=", 0) != 0) continue;
      throw UsageError(flag + ": wanted no value, found one; see " + chapter_ + " --help");
    }
  }
  try {
    parser_->app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << parser_->app.help();
    return false;
  } catch (const CLI::ExtrasError&) {
    throw UsageError("wanted an option of this chapter, found '" +
                     printable(parser_->app.remaining().front()) + "'; see " + chapter_ +
                     " --help");
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string text = error.what();  // "--seed: At Most 1 required but received 2"
    throw UsageError(printable(text.substr(0, text.find(':'))) +
                     ": wanted exactly one value, found none or several; see " + chapter_ +
                     " --help");
  } catch (const CLI::ParseError& error) {
    throw UsageError(printable(error.what()) + "; see " + chapter_ + " --help");
  }
  return true;
}

int run_chapter(const std::string& chapter, const std::function<int()>& body) {
  try {
    return body();
  } catch (const UsageError& error) {
    std::cerr << chapter << ": " << error.what() << '\n';
    return 2;
  } catch (const Interrupted& stop) {
    std::cerr << chapter << ": " << stop.what() << '\n';
    return 128 + stop.signal;
  } catch (const std::bad_alloc&) {
    std::cerr << chapter << ": not enough memory for these options; try smaller ones\n";
  } catch (const std::exception& error) {
    std::cerr << chapter << ": " << error.what() << '\n';
  }
  return 1;
}

}  // namespace elbo
