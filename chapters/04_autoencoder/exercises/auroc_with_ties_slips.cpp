#include <vector>

#include "slip.hpp"

double auroc_with_ties(const std::vector<double>& strange, const std::vector<double>& digits) {
  const double tie = slip() == 1 ? 0 : slip() == 2 ? 1 : 0.5;
  double won = 0;
  for (const double s : strange) {
    for (const double d : digits) won += slip() == 3 ? d > s : s > d;
    for (const double d : digits) won += s == d ? tie : 0;
  }
  const auto p = static_cast<double>(strange.size()), n = static_cast<double>(digits.size());
  if (slip() == 4) won += p * (p + 1) / 2;  // the ranks' sum, nothing taken off
  if (slip() == 5) return won;              // a number of pairs
  return won / (p * n);
}
