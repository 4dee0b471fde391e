// Chapter 1, section 6: where tutorials slip. Two formulas that are printed wrong now and then, and
// what they would do.
#include <cmath>

#include "elbo/special.hpp"
#include "elbo/statistics.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Vector;

Vector<double> probabilities(const Vector<double>& logits) {
  return (logits.array() - elbo::log_sum_exp(logits)).exp();
}

// [descend]
// The q that makes a sum of terms f(p_k, q_k) least, by descending its logits: with s_k = q_k
// df/dq_k the gradient is s_k - q_k sum_j s_j.
template <class Slope>
Vector<double> least(const Vector<double>& p, Slope slope) {
  Vector<double> logits = Vector<double>::Zero(p.size());
  for (int step = 0; step < 4000; ++step) {
    const Vector<double> q = probabilities(logits);
    Vector<double> s(p.size());
    for (elbo::Index k = 0; k < p.size(); ++k) s(k) = q(k) * slope(p(k), q(k));
    logits -= 0.1 * (s - q * s.sum());
  }
  return probabilities(logits);
}
// [descend]

// Which outcome a number between 0 and 1 draws.
elbo::Index outcome(const Vector<double>& p, double u) {
  elbo::Index k = 0;
  for (double sum = p(0); u >= sum && k + 1 < p.size(); sum += p(k)) ++k;
  return k;
}

}  // namespace

void slips(elbo::Report& report, std::uint64_t seed) {
  const Vector<double> here = Vector<double>{{8, 4, 3, 1}} / 16;
  const Vector<double> there = Vector<double>{{2, 5, 7, 2}} / 16;

  // Cross-entropy printed without its logarithm, sum p / q. Both ask for a q, not for the same one.
  const Vector<double> with_log = least(here, [](double p, double q) { return -p / q; });
  const Vector<double> without = least(here, [](double p, double q) { return -p / (q * q); });
  const Vector<double> roots = here.cwiseSqrt() / here.cwiseSqrt().sum();
  report.claim("eq:cross-entropy-least", "sum p log 1/q is least at q = p: largest difference", 0,
               (with_log - here).cwiseAbs().maxCoeff(), 1e-9);
  report.claim("eq:cross-entropy-needs-log",
               "without its log, sum p / q, it is least at q like sqrt p", 0,
               (without - roots).cwiseAbs().maxCoeff(), 1e-9);
  report.claim_at_least("eq:cross-entropy-needs-log",
                        "and that q is not p: largest difference of probabilities", 0.1,
                        (without - here).cwiseAbs().maxCoeff());

  // [information-lost]
  // What is lost when q stands in for p: weather from p, told in a code made for q.
  const elbo::Random random(seed, elbo::Stream::play, 60);
  std::vector<double> extra;
  for (std::uint64_t i = 0; i < 100000; ++i) {
    const elbo::Index k = outcome(here, random.uniform(i));
    extra.push_back(-std::log(there(k)) - -std::log(here(k)));
  }
  // [information-lost]
  const elbo::Average lost(extra);
  const elbo::Categorical<double> p{here.array().log()}, q{there.array().log()};
  report.claim("eq:information-lost",
               "nats lost by a code for q where p is true = KL(p || q), 5 standard errors",
               kl_divergence(p, q), lost.mean, 5 * lost.standard_error);
  report.claim_at_least("eq:information-lost",
                        "and not KL(q || p), the one in the VAE's loss: off by, in standard errors",
                        5, std::abs(lost.mean - kl_divergence(q, p)) / lost.standard_error);
  report.result("information_lost", lost.mean);
}

}  // namespace chapter
