// How well one number tells two kinds apart: the receiver operating characteristic.
#pragma once

#include <vector>

namespace elbo {

/// The area under the ROC curve: the probability that a random positive scores above a random
/// negative, ties counting half. 1 tells them apart, 1/2 is a coin, below 1/2 the score points the
/// wrong way. From the ranks of all scores together (Mann and Whitney 1947), those of ties shared:
///   (sum of the positives' ranks - p (p + 1) / 2) / (p n),
/// so that p n pairs need not be looked at. Throws std::invalid_argument if a side is empty or a
/// score is not a number.
/// @label eq:auroc
double auroc(const std::vector<double>& positives, const std::vector<double>& negatives);

/// A point of the curve: the shares of negatives and of positives at or above some threshold.
struct RocPoint {
  double false_positives = 0;  ///< share of the negatives, 0 .. 1
  double true_positives = 0;   ///< share of the positives, 0 .. 1
};

/// The curve from (0, 0) to (1, 1), a point for every different score, the highest first. Joined by
/// straight lines, the area below it is auroc.
/// @label eq:roc-curve
std::vector<RocPoint> roc_curve(const std::vector<double>& positives,
                                const std::vector<double>& negatives);

}  // namespace elbo
