// Chapter 2, section 4: average k weights before taking the logarithm, and the floor rises.
#include <cmath>

#include "elbo/estimators.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;

// A binary z: p(x, z) and a lopsided q, so that the two weights are far apart.
constexpr double joint[] = {0.02, 0.11}, q[] = {0.6, 0.4};
constexpr double weight[] = {joint[0] / q[0], joint[1] / q[1]};

// [exact]
// L_k with nothing left to chance: j of the k draws are z = 1 with binomial probability.
double exact_bound(int k) {
  double sum = 0;
  for (int j = 0; j <= k; ++j) {
    const double log_binomial = std::lgamma(k + 1) - std::lgamma(j + 1) - std::lgamma(k - j + 1);
    const double probability =
        std::exp(log_binomial + j * std::log(q[1]) + (k - j) * std::log(q[0]));
    sum += probability * std::log((j * weight[1] + (k - j) * weight[0]) / k);
  }
  return sum;
}
// [exact]

}  // namespace

void more_samples(elbo::Report& report, std::uint64_t seed, bool quick) {
  const double log_evidence = std::log(joint[0] + joint[1]);
  const double elbo = q[0] * std::log(weight[0]) + q[1] * std::log(weight[1]);
  report.claim("eq:iwae-one-is-elbo", "L_1 is the ELBO", elbo, exact_bound(1), 1e-13);

  elbo::Table curve({"k", "bound", "log_evidence"});
  double smallest_rise = 1;
  for (int k = 1; k <= 200; ++k) {
    curve.add({static_cast<double>(k), exact_bound(k), log_evidence});
    smallest_rise = std::min(smallest_rise, exact_bound(k + 1) - exact_bound(k));
  }
  report.csv("k_sample_bound", curve);
  report.claim_at_least("eq:iwae-rises", "smallest rise from k to k + 1, for k up to 200", 0,
                        smallest_rise);
  // The gap shrinks like Var(w) / (2 k mean^2): Jensen's gap of an average of k.
  const double mean = joint[0] + joint[1];
  const double variance = q[0] * weight[0] * weight[0] + q[1] * weight[1] * weight[1] - mean * mean;
  report.claim("eq:iwae-gap", "gap at k = 1000 over 1/2 Var / (k mean^2)", 1,
               (log_evidence - exact_bound(1000)) / (0.5 * variance / (1000 * mean * mean)), 0.01);
  report.claim_at_most("eq:iwae-bound", "L_200 stays below log p(x)", log_evidence,
                       exact_bound(200));

  // The estimator of the library on sampled weights, against the exact value.
  const Index k = 5, repeats = quick ? 20000 : 200000;
  const Matrix<double> u = elbo::Random(seed, elbo::Stream::play, 3).uniform<double>(k, repeats);
  const Matrix<double> log_w =
      u.unaryExpr([](double v) { return std::log(v < q[1] ? weight[1] : weight[0]); });
  const RowVector<double> bound = elbo::iwae_bound(log_w);
  const double sd = std::sqrt((bound.array() - bound.mean()).square().mean());
  report.claim("eq:iwae-bound", "L_5 by sampling = by listing, within 4 standard errors",
               exact_bound(5), bound.mean(), 4 * sd / std::sqrt(static_cast<double>(repeats)));
  report.result("bound_1", exact_bound(1));
  report.result("bound_5", exact_bound(5));
  report.result("bound_50", exact_bound(50));
  report.result("bound_log_evidence", log_evidence);
}

}  // namespace chapter
