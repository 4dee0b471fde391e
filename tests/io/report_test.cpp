// Reports: the contract of results.json, when a claim holds, and tables that lose no digit.
#include "elbo/report.hpp"

#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "scratch.hpp"

using namespace elbo;

namespace {

const double nan_value = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

// A report into a folder of its own, and what it printed.
class Trial {
 public:
  explicit Trial(bool json = true) : options_("07_trial", "A chapter that is none.") {
    options_.common.out = scratch / "out";
    options_.common.json = json;
    options_.common.seed = 42;
    report = std::make_unique<Report>(options_);
  }

  int finish() {
    std::ostringstream caught;
    std::streambuf* before = std::cout.rdbuf(caught.rdbuf());
    status = report->finish();
    std::cout.rdbuf(before);
    printed = caught.str();
    return status;
  }

  nlohmann::json results() {
    finish();
    return nlohmann::json::parse(text_of(scratch / "out/results.json"));
  }

  Scratch scratch;
  std::unique_ptr<Report> report;
  std::string printed;
  int status = -1;

 private:
  Options options_;
};

// Whether a report whose only claim this is says that it holds, in all three places.
template <class Claim>
bool holds(Claim claim) {
  Trial trial;
  claim(*trial.report);
  const nlohmann::json results = trial.results();
  const bool ok = results.at("claims").at(0).at("ok");
  CHECK(trial.status == (ok ? 0 : 1));
  CHECK(nlohmann::json::parse(trial.printed) == results);
  return ok;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("results.json has what was agreed on", "[report]") {
  Trial trial;
  trial.report->claim("eq:a", "one = one", 1.0, 1.25, 0.5);
  trial.report->claim_at_most("eq:b", "\"quoted\" \\ and \u03b5", 2.0, 3.0, 0.5);
  trial.report->result("kl", 0.1 + 0.2);
  trial.report->result("entropy", -1e-300);
  trial.report->result("kl", 0.3 - 0.1);  // said twice: the last one counts
  elbo::Dataset used;
  used.name = "digits", used.sha256 = "ab12", used.binary = true;
  used.train.count = 7, used.test.count = 3;
  trial.report->data(used);
  trial.report->fingerprint("parameters", "abc");
  const nlohmann::json results = trial.results();
  CHECK(trial.status == 1);
  CHECK(trial.printed == text_of(trial.scratch / "out/results.json"));

  std::vector<std::string> keys;
  for (const auto& [key, value] : results.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"chapter", "claims", "compiler", "data", "flags",
                                         "parameters", "quick", "results", "seconds", "seed",
                                         "threads", "version"});
  CHECK(results.at("parameters") ==  // the SHA-256 of "abc"
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(results.at("threads") >= 1);
  CHECK(results.at("chapter") == "07_trial");
  CHECK(results.at("seed") == 42);
  CHECK(results.at("quick") == false);
  CHECK(results.at("data") == nlohmann::json{{"name", "digits"},
                                             {"sha256", "ab12"},
                                             {"train_images", 7},
                                             {"test_images", 3},
                                             {"binary", true}});
  CHECK(results.at("claims") == nlohmann::json{{{"label", "eq:a"},
                                                {"statement", "one = one"},
                                                {"expected", 1.0},
                                                {"got", 1.25},
                                                {"error", 0.25},
                                                {"tolerance", 0.5},
                                                {"fails_if", "off by more than 0.5"},
                                                {"ok", true}},
                                               {{"label", "eq:b"},
                                                {"statement", "\"quoted\" \\ and \u03b5"},
                                                {"expected", 2.0},
                                                {"got", 3.0},
                                                {"error", 1.0},
                                                {"tolerance", 0.5},
                                                {"fails_if", "above 2.5"},
                                                {"ok", false}}});
  CHECK(results.at("results") == nlohmann::json{{"kl", 0.3 - 0.1}, {"entropy", -1e-300}});
  CHECK((results.at("seconds") >= 0.0 && results.at("seconds") < 60.0));
}

TEST_CASE("a chapter without data says so, and a report without claims holds", "[report]") {
  Trial trial;
  const nlohmann::json results = trial.results();
  CHECK(trial.status == 0);
  CHECK(results.at("data").is_null());
  CHECK(results.at("claims").is_array());
  CHECK(results.at("claims").empty());
  CHECK(results.at("results").is_object());
}

TEST_CASE("a claim holds within its tolerance, and never about what is not a number", "[report]") {
  const auto claim = [](double expected, double got, double tolerance) {
    return holds([=](Report& r) { r.claim("eq:a", "a", expected, got, tolerance); });
  };
  CHECK(claim(1, 1, 0));
  CHECK(claim(1, 1.5, 0.5));
  CHECK(claim(1, 0.5, 0.5));
  CHECK_FALSE(claim(1, 1.5001, 0.5));
  CHECK_FALSE(claim(1, 0.4999, 0.5));
  CHECK_FALSE(claim(1, -1, 0.5));
  CHECK_FALSE(claim(nan_value, 1, 10));
  CHECK_FALSE(claim(1, nan_value, 10));
  CHECK_FALSE(claim(1, 1, nan_value));
  CHECK_FALSE(claim(infinity, infinity, 10));
  CHECK_FALSE(claim(1, infinity, 10));
}

TEST_CASE("a bound holds on its side of the tolerance", "[report]") {
  const auto at_most = [](double bound, double got, double tolerance) {
    return holds([=](Report& r) { r.claim_at_most("eq:a", "a", bound, got, tolerance); });
  };
  const auto at_least = [](double bound, double got, double tolerance) {
    return holds([=](Report& r) { r.claim_at_least("eq:a", "a", bound, got, tolerance); });
  };
  CHECK(at_most(1, 1, 0));
  CHECK(at_most(1, -100, 0));
  CHECK(at_most(1, 1.5, 0.5));
  CHECK_FALSE(at_most(1, 1.5001, 0.5));
  CHECK(at_least(1, 1, 0));
  CHECK(at_least(1, 100, 0));
  CHECK(at_least(1, 0.5, 0.5));
  CHECK_FALSE(at_least(1, 0.4999, 0.5));
  for (const auto& bound : {std::pair{nan_value, 1.0}, {1.0, nan_value}}) {
    CHECK_FALSE(at_most(bound.first, bound.second, 10));
    CHECK_FALSE(at_least(bound.first, bound.second, 10));
  }
  CHECK_FALSE(at_most(1, infinity, 10));
  CHECK_FALSE(at_least(1, -infinity, 10));
}

TEST_CASE("one claim that fails fails the report", "[report]") {
  Trial trial;
  trial.report->claim("eq:a", "holds", 1, 1, 0);
  trial.report->claim("eq:b", "does not", 1, 2, 0);
  trial.report->claim("eq:c", "holds", 1, 1, 0);
  CHECK(trial.finish() == 1);
}

TEST_CASE("a result must be a number, for JSON knows no other", "[report]") {
  Trial trial;
  for (const double value : {nan_value, infinity, -infinity}) {
    check_message(message([&] { trial.report->result("log_evidence", value); }),
                  {"log_evidence", "finite"});
  }
  trial.report->result("log_evidence", 1);
  CHECK(trial.results().at("results") == nlohmann::json{{"log_evidence", 1.0}});
}

TEST_CASE("for a reader: the table of claims, the results, where they were kept", "[report]") {
  Trial trial(false);
  trial.report->claim("eq:first", "the first statement", 1, 1.25, 0.5);
  trial.report->claim("eq:second", "the second statement", 1, 2.5, 0.5);
  trial.report->claim_at_most("eq:third", "the third statement", 7, 6);
  trial.report->claim_at_least("eq:fourth", "the fourth statement", 5, 6);
  trial.report->result("log_evidence", -1.5);
  CHECK(trial.finish() == 1);
  for (const char* part :
       {"eq:first", "the first statement", "yes", "eq:second", "NO", "1.25", "log_evidence", "-1.5",
        "<= 7", "fails if above 7", ">= 5", "fails if below 5", "fails if off by more than 0.5",
        "3 of 4 claims hold", "results.json"}) {
    INFO("wanted: " << part);
    CHECK(contains(trial.printed, part));
  }
}

TEST_CASE("lines for the reader are not mixed into JSON", "[report]") {
  for (const bool json : {false, true}) {
    Trial trial(json);
    std::ostringstream caught;
    std::streambuf* before = std::cout.rdbuf(caught.rdbuf());
    trial.report->say("a line");
    std::cout.rdbuf(before);
    CHECK(caught.str() == (json ? "" : "a line\n"));
  }
}

TEST_CASE("results are not half there: neither before the end nor without a place", "[report]") {
  Trial trial;
  trial.report->claim("eq:a", "a", 1, 1, 0);
  CHECK(names_in(trial.scratch / "out").empty());
  std::filesystem::remove_all(trial.scratch / "out");
  check_message(message([&] { trial.report->finish(); }), {"results.json", "cannot write"});
}

TEST_CASE("an output that cannot be written is an error, not a success", "[report]") {
  Trial trial;
  std::ofstream full("/dev/full");
  std::streambuf* before = std::cout.rdbuf(full.rdbuf());
  const std::string said = message([&] { trial.report->finish(); });
  std::cout.rdbuf(before);
  std::cout.clear();
  check_message(said, {"standard output"});
}

TEST_CASE("tables keep every digit", "[report]") {
  Trial trial;
  const std::vector<double> awkward = {0.1,
                                       1.0 / 3,
                                       -1e-300,
                                       123456789.123456789,
                                       std::numeric_limits<double>::max(),
                                       std::numeric_limits<double>::denorm_min(),
                                       std::nextafter(1.0, 2.0),
                                       0};
  std::vector<double> ones(awkward.size(), 1.0);
  trial.report->csv("table", {{"awkward", awkward}, {"one", ones}});
  const std::vector<std::string> lines = lines_of(text_of(trial.scratch / "out/table.csv"));
  REQUIRE(lines.size() == awkward.size() + 1);
  CHECK(lines[0] == "awkward,one");
  for (std::size_t i = 0; i < awkward.size(); ++i) {
    const std::string& line = lines[i + 1];
    CHECK(std::strtod(line.c_str(), nullptr) == awkward[i]);
    CHECK(line.substr(line.find(',')) == ",1");
  }
  trial.report->csv("none", {{"a", {}}, {"b", {}}});
  CHECK(text_of(trial.scratch / "out/none.csv") == "a,b\n");
}

TEST_CASE("a table of unequal columns is refused, whichever is longer", "[report]") {
  const Trial trial;
  CHECK_THROWS(trial.report->csv("table", {{"a", {1, 2}}, {"b", {1}}}));
  CHECK_THROWS(trial.report->csv("table", {{"a", {1}}, {"b", {1, 2}}}));
  CHECK_THROWS(trial.report->csv("table", std::vector<Series>{}));
  CHECK(names_in(trial.scratch / "out").empty());
}

TEST_CASE("a sheet is written as a PNG beside the tables", "[report]") {
  const Trial trial;
  trial.report->sheet("samples", Matrix<float>::Constant(4, 3, 0.5F), 2, 2, 2);
  const std::string file = text_of(trial.scratch / "out/samples.png");
  CHECK(file.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  CHECK(names_in(trial.scratch / "out") == std::vector<std::string>{"samples.png"});
}
