#include <cmath>
#include <random>
#include <set>

#include "teacher.hpp"

using Scores = std::vector<double>;

double auroc_with_ties(const Scores& strange, const Scores& digits);

namespace {

/// The area below the curve of eq:roc-curve by its trapezia: neither pairs nor ranks. A tie is a
/// slanted piece of the curve; `tie` = 0 or 1 goes below or above it.
double area(const Scores& strange, const Scores& digits, double tie = 0.5) {
  std::set<double, std::greater<>> thresholds(strange.begin(), strange.end());
  thresholds.insert(digits.begin(), digits.end());
  const auto share = [](const Scores& scores, double threshold) {
    double above = 0;
    for (const double score : scores) above += score >= threshold;
    return above / static_cast<double>(scores.size());
  };
  double sum = 0, found = 0, wrong = 0;
  for (const double threshold : thresholds) {
    const double f = share(strange, threshold), w = share(digits, threshold);
    sum += (w - wrong) * (found + tie * (f - found));
    found = f, wrong = w;
  }
  return sum;
}

void ask(const std::string& where, const Scores& strange, const Scores& digits) {
  const double right = area(strange, digits), without = area(strange, digits, 0);
  const double whole = area(strange, digits, 1);
  const auto p = static_cast<double>(strange.size()), n = static_cast<double>(digits.size());
  // Tolerance: fractions of at most 300 x 500 pairs, and rounding.
  teacher::expect(
      where, auroc_with_ties(strange, digits), right, 1e-9,
      {{without, "A tie counted nothing: what would a coin have won of it?"},
       {whole, "A tie counted as won: only half of it is."},
       {1 - right, "That is how often a digit is above: who is to have the higher score?"},
       {1 - without, "Digits above, and ties with them: who is to have the higher score?"},
       {right + (p + 1) / (2 * n),
        "Ranks among all: and the strange pictures' ranks among themselves?"},
       {right * p * n, "A number of pairs: as a share of how many?"}});
}

}  // namespace

TEST_CASE("by hand") {
  ask("strange 3 and 5, digits 1, 2 and 4: five pairs of six", {3, 5}, {1, 2, 4});
  ask("strange 7, digits 7, 7 and 8: two ties, one lost", {7}, {7, 7, 8});
}

TEST_CASE("what a score can be worth") {
  ask("perfect, unsorted", {9, 7, 8}, {2, 3, 1, 0});
  ask("the same score for every picture: a coin", {1, 1, 1}, {1, 1});
  ask("negative scores, as an ELBO's", {-80.5, -120.25, -99}, {-101, -99, -150.75, -80.5});
}

TEST_CASE("only the order counts") {
  ask("scores that differ by a millionth of a millionth", {1 + 1e-12, 1}, {1, 1 - 1e-12, 1});
  ask("scores as large as numbers go", {1e308, -1e308}, {-1e308, 0, 1e307});
}

TEST_CASE("many ties") {
  std::mt19937_64 bits(4);
  Scores strange(300), digits(500);
  for (double& score : strange) score = static_cast<double>(bits() % 8 + 1);
  for (double& score : digits) score = static_cast<double>(bits() % 8);
  ask("300 strange pictures and 500 digits, scores 0 to 8", strange, digits);
}
