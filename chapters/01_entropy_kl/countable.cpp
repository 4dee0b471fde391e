// Chapter 1, section 1: distributions over things that can be counted.
#include <algorithm>
#include <cmath>

#include "elbo/special.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Categorical;
using elbo::Index;
using elbo::Matrix;
using elbo::Vector;

// [surprise]
// The oracle: probabilities as plain numbers, surprise -log p added up outcome by outcome.
double expected_surprise(const Vector<double>& p, const Vector<double>& believed) {
  double sum = 0;
  for (Index k = 0; k < p.size(); ++k) sum += p(k) * -std::log(believed(k));
  return sum;
}
// [surprise]

Vector<double> normalised(const Vector<double>& weights) {
  return weights / weights.sum();
}

// A sum over all 2^D ways that D independent coins with these probabilities of heads can fall.
template <class Term>
double over_all_falls(const Vector<double>& q, const Vector<double>& p, Term term) {
  double sum = 0;
  for (int word = 0; word < 1 << q.size(); ++word) {
    double prob_q = 1, prob_p = 1;
    for (Index i = 0; i < q.size(); ++i) {
      const bool heads = (word >> i & 1) != 0;
      prob_q *= heads ? q(i) : 1 - q(i);
      prob_p *= heads ? p(i) : 1 - p(i);
    }
    sum += term(prob_q, prob_p);
  }
  return sum;
}

double coins_kl(const Vector<double>& q, const Vector<double>& p) {
  return over_all_falls(q, p, [](double a, double b) { return a * std::log(a / b); });
}

double coins_entropy(const Vector<double>& q) {
  return over_all_falls(q, q, [](double a, double) { return -a * std::log(a); });
}

}  // namespace

void countable(elbo::Report& report, std::uint64_t seed) {
  // Weather in two towns: sun, cloud, rain, snow.
  const Vector<double> here = normalised(Vector<double>{{8, 4, 3, 1}});
  const Vector<double> there = normalised(Vector<double>{{2, 5, 7, 2}});
  const Categorical<double> q{here.array().log()}, p{there.array().log()};

  report.claim("eq:entropy", "entropy from logits = sum of p times surprise",
               expected_surprise(here, here), q.entropy(), 1e-14);
  const double kl = kl_divergence(q, p);
  const double cross_entropy = expected_surprise(here, there);
  report.claim("eq:kl-cross-entropy", "KL(q || p) = H(q, p) - H(q), both by adding surprises",
               cross_entropy - expected_surprise(here, here), kl, 1e-14);
  report.result("weather_entropy", q.entropy());
  report.result("weather_cross_entropy", cross_entropy);
  report.result("weather_kl", kl);
  report.result("weather_kl_other_way", kl_divergence(p, q));

  // Coins: the sum over coordinates against the list of all 2^8 outcomes.
  const elbo::Random random(seed, elbo::Stream::play, 1);
  const Matrix<double> u = random.uniform<double>(8, 2);
  const Matrix<double> logits = (u.array() / (1 - u.array())).log();
  const elbo::Bernoulli<double> coins{logits.col(0)}, others{logits.col(1)};
  report.claim("eq:kl-bernoulli", "KL of 8 independent coins = sum over all 256 outcomes",
               coins_kl(u.col(0), u.col(1)), kl_divergence(coins, others)(0), 1e-12);

  report.claim("eq:bernoulli-entropy", "entropy of 8 coins = sum over all 256 outcomes",
               coins_entropy(u.col(0)), coins.entropy()(0), 1e-12);

  // [gibbs]
  // KL is never negative, and zero only for equals: a thousand random pairs, some very close.
  const elbo::Random sizes(seed, elbo::Stream::play, 3);
  double least = 1, least_ratio = 1e300, at_equality = 0, least_entropy = 1;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const Vector<double> a = random.normal<double>(6, 1, 100 + 12 * i);
    const Vector<double> step = random.normal<double>(6, 1, 106 + 12 * i);
    const double size = std::pow(10.0, -3.0 * sizes.uniform(i));  // from 1 down to 0.001
    const Categorical<double> first{a}, second{a + size * step};
    const double divergence = kl_divergence(first, second);
    least = std::min(least, divergence);
    const double distance =
        (first.log_probs().array().exp() - second.log_probs().array().exp()).abs().sum();
    least_ratio = std::min(least_ratio, divergence / (0.5 * distance * distance));
    least_entropy = std::min(least_entropy, Categorical<double>{40.0 * a}.entropy());
    const Categorical<double> again{a.array() + 3.7};  // the same distribution by other logits
    at_equality = std::max(at_equality, std::abs(kl_divergence(first, again)));
  }
  report.claim_at_least("eq:kl-nonnegative", "least KL of 1000 random pairs is not below 0", 0,
                        least);
  report.claim("eq:kl-zero", "KL of a distribution from itself, its logits shifted", 0, at_equality,
               1e-14);
  // [gibbs]
  report.claim_at_least("eq:kl-zero-only-at-equality",
                        "least KL / (1/2 |q - p|^2), |.| the sum of differences (Pinsker)", 1,
                        least_ratio, 1e-6);

  // What can be counted cannot surprise by less than nothing. (A normal can: next section.)
  report.claim_at_least("eq:entropy-nonnegative",
                        "least entropy of 1000 distributions, most of them nearly certain", 0,
                        least_entropy);

  // Adding a constant to all logits changes nothing: only differences are believed.
  const Categorical<double> shifted{q.logits.array() + 1000.0};
  report.claim("eq:softmax", "logits + 1000 give the same probabilities: largest difference", 0,
               (shifted.log_probs().array().exp() - here.array()).abs().maxCoeff(), 1e-12);
}

}  // namespace chapter
