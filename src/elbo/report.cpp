#include "elbo/report.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iomanip>
#include <iostream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "elbo/files.hpp"
#include "elbo/picture.hpp"
#include "elbo/sha256.hpp"
#include "elbo/threads.hpp"

namespace elbo {
namespace {

std::string general(double value, int digits = 7) {
  std::ostringstream text;
  text << std::setprecision(digits) << value;
  return text.str();
}

// What compiled this file, and the library with it.
std::string compiler() {
#if defined(__clang__)
  return "Clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) + "." +
         std::to_string(__clang_patchlevel__);
#else
  return "GCC " __VERSION__;
#endif
}

// What would refute it: the verdict's own rule, in words.
std::string fails_if(const Claim& c) {
  if (c.relation == "<= ") return "above " + general(c.expected + c.tolerance);
  if (c.relation == ">= ") return "below " + general(c.expected - c.tolerance);
  return c.tolerance > 0 ? "off by more than " + general(c.tolerance, 2) : "not equal";
}

// One line a claim: label, expected, got, error, tolerance, ok; below it the statement, and what
// would refute it.
void print_claims(std::ostream& out, const std::vector<Claim>& claims) {
  std::size_t width = 5;
  for (const Claim& claim : claims) width = std::max(width, claim.label.size());
  const auto line = [&](const auto& label, const auto& expected, const auto& got, const auto& error,
                        const auto& tolerance, const char* ok) {
    out << std::left << std::setw(static_cast<int>(width)) << label << std::right  //
        << "  " << std::setw(13) << expected << "  " << std::setw(13) << got << "  " << std::setw(9)
        << error << "  " << std::setw(9) << tolerance << "  " << ok << '\n';
  };
  line("label", "expected", "got", "error", "tolerance", "ok");
  for (const Claim& c : claims) {
    line(c.label, c.relation + general(c.expected), general(c.got), general(c.error, 2),
         general(c.tolerance, 2), c.ok ? "yes" : "NO");
    out << "    " << c.statement << " (fails if " << fails_if(c) << ")\n";
  }
}

}  // namespace

struct Report::State {
  std::string chapter;
  CommonOptions options;
  int threads = 1;
  nlohmann::ordered_json data;  // null without data
  std::vector<Claim> claims;
  std::map<std::string, double> results;
  std::map<std::string, std::string> fingerprints;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

  nlohmann::ordered_json json() const {
    nlohmann::ordered_json root;
    root["chapter"] = chapter;
    root["seed"] = options.seed;
    root["quick"] = options.quick;
    root["threads"] = threads;
    root["version"] = ELBO_VERSION;  // these two are CMake's
    root["compiler"] = compiler();
    root["flags"] = ELBO_FLAGS;
    root["data"] = data;
    for (const auto& [name, hash] : fingerprints) root[name] = hash;
    root["claims"] = nlohmann::ordered_json::array();
    for (const Claim& c : claims) {
      root["claims"].push_back({{"label", c.label},
                                {"statement", c.statement},
                                {"expected", c.expected},
                                {"got", c.got},
                                {"error", c.error},
                                {"tolerance", c.tolerance},
                                {"fails_if", fails_if(c)},
                                {"ok", c.ok}});
    }
    root["results"] = nlohmann::ordered_json::object();
    for (const auto& [name, value] : results) root["results"][name] = value;
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    root["seconds"] = elapsed.count();
    return root;
  }
};

Report::Report(const Options& options) : state_(std::make_unique<State>()) {
  state_->chapter = options.chapter();
  state_->options = options.common;
  state_->threads = Threads(options.common.threads).count();
  make_output_folder(options.common.out);
}

Report::~Report() = default;

void Report::add(Claim claim) {
  // A comparison with NaN is false, so a claim about nothing does not hold.
  claim.ok = claim.error <= claim.tolerance;
  state_->claims.push_back(std::move(claim));
}

void Report::claim(const std::string& label, const std::string& statement, double expected,
                   double got, double tolerance) {
  add({label, statement, expected, got, std::abs(got - expected), tolerance});
}

void Report::claim_at_most(const std::string& label, const std::string& statement, double bound,
                           double got, double tolerance) {
  const double over = got <= bound ? 0.0 : got - bound;
  add({label, statement, bound, got, over, tolerance, false, "<= "});
}

void Report::claim_at_least(const std::string& label, const std::string& statement, double bound,
                            double got, double tolerance) {
  const double under = got >= bound ? 0.0 : bound - got;
  add({label, statement, bound, got, under, tolerance, false, ">= "});
}

void Report::result(const std::string& name, double value) {
  if (!std::isfinite(value)) {
    throw std::runtime_error("the result '" + name + "' is not a finite number; " +
                             "try less extreme options");
  }
  state_->results[name] = value;
}

void Report::fingerprint(const std::string& name, std::string_view bytes) {
  state_->fingerprints[name] = sha256({bytes});
}

void Report::data(const Dataset& used) {
  state_->data = {{"name", used.name},
                  {"sha256", used.sha256},
                  {"train_images", used.train.count},
                  {"test_images", used.test.count},
                  {"binary", used.binary}};
}

void Report::say(const std::string& line) const {
  if (!state_->options.json) std::cout << line << std::endl;
}

void Report::progress(const std::string& what, int done, int of, const std::string& note) const {
  if (isatty(STDERR_FILENO) == 0) {
    std::cerr << what << ' ' << done << '/' << of << (note.empty() ? "" : "  ") << note << '\n';
    return;
  }
  constexpr int width = 30;
  const int full = width * done / std::max(1, of);
  std::cerr << "\r\x1b[K" << what << " [" << std::string(static_cast<std::size_t>(full), '#')
            << std::string(static_cast<std::size_t>(width - full), '.') << "] " << done << '/' << of
            << "  " << note << (done >= of ? "\n" : "") << std::flush;
}

void Report::csv(const std::string& name, const std::vector<Series>& columns) const {
  for (const Series& column : columns) {
    if (column.values.size() == columns.front().values.size()) continue;
    throw std::invalid_argument(name + ".csv: the columns differ in length");
  }
  std::ostringstream text;
  text << std::setprecision(std::numeric_limits<double>::max_digits10);
  for (std::size_t c = 0; c < columns.size(); ++c) text << (c ? "," : "") << columns[c].name;
  text << '\n';
  for (std::size_t r = 0; r < columns.at(0).values.size(); ++r) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      text << (c ? "," : "") << columns[c].values.at(r);
    }
    text << '\n';
  }
  write_file(state_->options.out / (name + ".csv"), text.str());
}

void Report::sheet(const std::string& name, const Matrix<float>& pictures, Index rows, Index cols,
                   Index across) const {
  write_file(state_->options.out / (name + ".png"), png(tile(pictures, rows, cols, across)));
}

int Report::finish() {
  const std::string text = state_->json().dump(2) + "\n";
  write_file(state_->options.out / "results.json", text);
  const auto failed =
      std::count_if(state_->claims.begin(), state_->claims.end(), [](auto& c) { return !c.ok; });
  if (state_->options.json) {
    std::cout << text << std::flush;
  } else {
    std::cout << '\n';
    print_claims(std::cout, state_->claims);
    std::cout << '\n';
    for (const auto& [key, value] : state_->results) {
      std::cout << std::left << std::setw(38) << key << general(value) << '\n';
    }
    std::cout << '\n'
              << state_->claims.size() - static_cast<std::size_t>(failed) << " of "
              << state_->claims.size() << " claims hold; " << state_->options.out.string()
              << "/results.json" << std::endl;
  }
  if (!std::cout) throw std::runtime_error("standard output: cannot write the results");
  return failed == 0 ? 0 : 1;
}

}  // namespace elbo
