// How often does a strange picture get a higher score than a digit? Over all pairs of one strange
// picture, with score s+, and one digit, with score s-, a tie counting one half:
//
//   AUROC = P(s+ > s-) + P(s+ = s-) / 2                                               eq:auroc
//
// `strange` holds the scores of p strange pictures, `digits` those of n digits, in no order;
// neither is empty. The result is one number between 0 and 1. Count pairs, or count ranks.
#include <cmath>
#include <vector>

double auroc_with_ties(const std::vector<double>& strange, const std::vector<double>& digits) {
  // --- Your turn ---
  (void)strange, (void)digits;
  return NAN;
}
