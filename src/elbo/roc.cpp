#include "elbo/roc.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace elbo {
namespace {

struct Scored {
  double score = 0;
  bool positive = false;
};

// All scores, the lowest first.
std::vector<Scored> sorted(const std::vector<double>& positives,
                           const std::vector<double>& negatives) {
  if (positives.empty() || negatives.empty()) {
    throw std::invalid_argument("auroc: wanted scores of both kinds");
  }
  std::vector<Scored> all;
  for (const double score : positives) all.push_back({score, true});
  for (const double score : negatives) all.push_back({score, false});
  for (const Scored& each : all) {
    if (std::isnan(each.score)) throw std::invalid_argument("auroc: a score is not a number");
  }
  std::sort(all.begin(), all.end(),
            [](const Scored& a, const Scored& b) { return a.score < b.score; });
  return all;
}

}  // namespace

// [auroc]
double auroc(const std::vector<double>& positives, const std::vector<double>& negatives) {
  const std::vector<Scored> all = sorted(positives, negatives);
  double rank_sum = 0;
  for (std::size_t i = 0, end = 0; i < all.size(); i = end) {
    // Equal scores stand at places i + 1 .. end and share the mean of those ranks.
    std::size_t among = 0;
    for (end = i; end < all.size() && all[end].score == all[i].score; ++end) {
      among += all[end].positive ? 1 : 0;
    }
    rank_sum += static_cast<double>(among) * 0.5 * static_cast<double>(i + 1 + end);
  }
  const double p = static_cast<double>(positives.size());
  return (rank_sum - 0.5 * p * (p + 1)) / (p * static_cast<double>(negatives.size()));
}
// [auroc]

std::vector<RocPoint> roc_curve(const std::vector<double>& positives,
                                const std::vector<double>& negatives) {
  std::vector<Scored> all = sorted(positives, negatives);
  std::reverse(all.begin(), all.end());
  const double p = static_cast<double>(positives.size()), n = static_cast<double>(negatives.size());
  std::vector<RocPoint> curve = {{0, 0}};
  double true_positives = 0, false_positives = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    (all[i].positive ? true_positives : false_positives) += 1;
    const bool last_of_ties = i + 1 == all.size() || all[i + 1].score != all[i].score;
    if (last_of_ties) curve.push_back({false_positives / n, true_positives / p});
  }
  return curve;
}

}  // namespace elbo
