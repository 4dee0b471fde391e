// Sorted digits know their ranks: those below a strange picture count whole, those level with it
// half. That is the mean of "how many are below" and "how many are not above".
#include <algorithm>
#include <vector>

double auroc_with_ties(const std::vector<double>& strange, const std::vector<double>& digits) {
  std::vector<double> sorted = digits;
  std::ranges::sort(sorted);
  double won = 0;
  for (const double score : strange) {
    const auto [first, last] = std::ranges::equal_range(sorted, score);
    const auto below = first - sorted.begin(), not_above = last - sorted.begin();
    won += 0.5 * static_cast<double>(below + not_above);
  }
  return won / static_cast<double>(strange.size() * digits.size());
}
