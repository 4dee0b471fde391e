// The lesson goes to the file that $ELBO_LESSON names, one "key: value" a line, for ./book exercise
// to read out; without it the message of Catch2 says the same.
#include "teacher.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace teacher {
namespace {

void write(const std::string& key, const std::string& value) {
  if (const char* lesson = std::getenv("ELBO_LESSON")) {
    std::ofstream(lesson, std::ios::app) << key << ": " << value << '\n';
  }
}

std::string text(double value) {
  std::ostringstream out;
  out.precision(8);
  out << value;
  return out.str();
}

std::string size(const MatrixXd& m) {
  return std::to_string(m.rows()) + " x " + std::to_string(m.cols());
}

double distance(double a, double b) {
  return std::abs(a - b);
}

double distance(const MatrixXd& a, const MatrixXd& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return INFINITY;
  return a.size() == 0 ? 0.0 : (a - b).cwiseAbs().maxCoeff<Eigen::PropagateNaN>();
}

bool equal(const auto& a, const auto& b, double tolerance) {
  return distance(a, b) <= tolerance;
}

/// What a wrong answer has to do with the right one; what this exercise knows goes first.
template <class Value>
std::string question(const Value& got, const Value& expected, double tolerance,
                     const std::vector<Slip<Value>>& slips) {
  for (const Slip<Value>& slip : slips) {
    const bool is_right_here = equal(slip.would_be, expected, 2 * tolerance);
    if (!is_right_here && equal(got, slip.would_be, tolerance)) return slip.question;
  }
  if (equal(got, Value(-expected), tolerance)) return "The size is right and the sign is not.";
  if (equal(got, Value(2 * expected), tolerance)) return "Twice the answer: is a 1/2 missing?";
  if (equal(Value(2 * got), expected, tolerance)) return "Half the answer: one 1/2 too many?";
  return "";
}

[[noreturn]] void end(const std::string& where, const std::string& expected, const std::string& got,
                      const std::string& asks) {
  write("case", where);
  write("expected", expected);
  write("got", got);
  write("question", asks);
  FAIL(where << ": expected " << expected << ", got " << got << ". " << asks);
  std::abort();  // FAIL has thrown
}

void passed(const std::string& where) {
  write("passed", where);
  SUCCEED(where);
}

void score(const std::string& what, double value, double goal, const std::string& side, bool ok) {
  write("score", what + " = " + text(value) + ", goal " + side + " " + text(goal));
  if (ok) return passed(what);
  end(what, side + " " + text(goal), text(value),
      std::isnan(value) ? "Not a number: is anything written yet?" : "Not there yet.");
}

}  // namespace

void expect(const std::string& where, double got, double expected, double tolerance,
            const std::vector<Slip<double>>& slips) {
  if (equal(got, expected, tolerance)) return passed(where);
  std::string asks = question(got, expected, tolerance, slips);
  if (asks.empty() && std::isnan(got)) {
    asks = "Not a number: nothing written yet, 0/0, or the logarithm of something negative?";
  }
  end(where, text(expected), text(got), asks);
}

void expect(const std::string& where, const MatrixXd& got, const MatrixXd& expected,
            double tolerance, const std::vector<Slip<MatrixXd>>& slips) {
  if (equal(got, expected, tolerance)) return passed(where);
  const std::string asks = question(got, expected, tolerance, slips);
  if (got.rows() != expected.rows() || got.cols() != expected.cols()) {
    end(where, size(expected) + " numbers", size(got),
        asks.empty() ? "The shape: rows x columns, one column a sample." : asks);
  }
  // The first entry that is wrong.
  for (Eigen::Index c = 0; c < got.cols(); ++c) {
    for (Eigen::Index r = 0; r < got.rows(); ++r) {
      if (equal(got(r, c), expected(r, c), tolerance)) continue;
      const std::string entry = ", row " + std::to_string(r) + ", column " + std::to_string(c);
      end(where + (got.size() > 1 ? entry : ""), text(expected(r, c)), text(got(r, c)),
          asks.empty() && std::isnan(got(r, c)) ? "Not a number: is anything written yet?" : asks);
    }
  }
}

void expect_that(const std::string& where, bool holds, const std::string& question) {
  if (holds) return passed(where);
  end(where, "true", "false", question);
}

void score_at_most(const std::string& what, double value, double goal) {
  score(what, value, goal, "<=", value <= goal);
}

void score_at_least(const std::string& what, double value, double goal) {
  score(what, value, goal, ">=", value >= goal);
}

void told(const std::string& written, double value, double within) {
  const std::size_t point = written.find('.');
  const double digits =
      point == std::string::npos ? 0 : static_cast<double>(written.size() - point - 1);
  write("told", written);
  INFO("the question says " << written << ", and it is " << text(value));
  CHECK(std::abs(std::stod(written) - value) <=
        std::max(within, 0.5 * std::pow(10, -digits) * (1 + 1e-9)));
}

}  // namespace teacher
