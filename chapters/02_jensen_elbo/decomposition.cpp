// Chapter 2, section 2: exactly how far below log p(x) the floor lies.
#include <algorithm>
#include <cmath>

#include "elbo/mixture.hpp"
#include "elbo/quadrature.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Matrix;
using elbo::textbook::log_normal;

// [oracle]
// Everything about the toy by integrals over z, from p(z) p(x | z) alone. What the chapter knows of
// the posterior only tells the oracle where to look.
struct Oracle {
  Oracle(const Toy& t, double posterior_mean, double posterior_scale) : toy(t) {
    const double top = log_joint(posterior_mean);  // taken out, for exp(-1000) is 0
    log_evidence = top + std::log(around(posterior_mean, posterior_scale,
                                         [&](double z) { return std::exp(log_joint(z) - top); }));
  }

  double log_joint(double z) const {
    return log_normal(z, 0, 1) + log_normal(toy.x, toy.weight * z, toy.noise);
  }

  template <class F>
  static double around(double centre, double scale, F&& f) {
    return elbo::integrate(f, centre - 14 * scale, centre + 14 * scale, 2000);
  }

  // KL(q || p(z | x)) with p(z | x) = p(x, z) / p(x).
  double kl(double mean, double scale) const {
    return around(mean, scale, [&](double z) {
      const double log_q = log_normal(z, mean, scale);
      return std::exp(log_q) * (log_q - (log_joint(z) - log_evidence));
    });
  }

  double energy(double mean, double scale) const {
    return around(mean, scale,
                  [&](double z) { return std::exp(log_normal(z, mean, scale)) * log_joint(z); });
  }

  Toy toy;
  double log_evidence = 0;
};
// [oracle]

// z is one of two components: everything can be listed.
void listed(elbo::Report& report, std::uint64_t seed) {
  const elbo::Mixture<double> model{
      {elbo::Vector<double>{{std::log(0.3), std::log(0.7)}}},
      {elbo::Normal<double>(elbo::Vector<double>{{-1.0}}, Matrix<double>{{0.5}}),
       elbo::Normal<double>(elbo::Vector<double>{{2.0}}, Matrix<double>{{1.5}})}};
  const double x = 0.4;
  const double joint[] = {0.3 * std::exp(log_normal(x, -1.0, std::sqrt(0.5))),
                          0.7 * std::exp(log_normal(x, 2.0, std::sqrt(1.5)))};
  const double log_evidence = std::log(joint[0] + joint[1]);
  const Matrix<double> observation = Matrix<double>::Constant(1, 1, x);
  report.claim("eq:evidence-mixture", "log p(x) of the mixture = log of two terms added",
               log_evidence, model.log_prob(observation)(0), 1e-14);

  // [thousand-q]
  double worst = 0, highest = -1e9, least_ratio = 1e300;
  const elbo::Random random(seed, elbo::Stream::play, 1);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const double r = random.uniform(i);
    const Matrix<double> q{{r}, {1 - r}};
    const double bound = elbo::mixture_elbo(model, observation, q);
    const double kl = r * std::log(r / (joint[0] / (joint[0] + joint[1]))) +
                      (1 - r) * std::log((1 - r) / (joint[1] / (joint[0] + joint[1])));
    worst = std::max(worst, std::abs(log_evidence - (bound + kl)));
    highest = std::max(highest, bound);
    const double distance = r - joint[0] / (joint[0] + joint[1]);
    least_ratio = std::min(least_ratio, (log_evidence - bound) / (2 * distance * distance));
  }
  // [thousand-q]
  report.claim("eq:evidence-decomposition",
               "mixture: largest |log p - (ELBO + KL)| over 1000 random q", 0, worst, 1e-10);
  report.claim_at_most("eq:elbo-bound", "mixture: the highest of 1000 ELBOs stays below log p(x)",
                       log_evidence, highest);
  report.claim_at_least(
      "eq:elbo-equal-only-at-posterior",
      "mixture: least gap / (2 distance^2) of 1000 q from the posterior (Pinsker)", 1, least_ratio,
      1e-6);
  report.claim("eq:elbo-touches", "mixture: the ELBO at the posterior is log p(x)", log_evidence,
               elbo::mixture_elbo(model, observation, elbo::e_step(model, observation)), 1e-13);
}

}  // namespace

void decomposition(elbo::Report& report, const Toy& toy, std::uint64_t seed) {
  listed(report, seed);
  const elbo::Ppca model = toy.model();
  const Matrix<double> x = toy.observation();
  const double posterior_mean = model.posterior_mean(x)(0);
  const double posterior_scale = std::sqrt(model.posterior_covariance()(0));
  const Oracle oracle(toy, posterior_mean, posterior_scale);
  const double log_evidence = model.log_evidence(x)(0);
  report.claim("eq:evidence", "log p(x) in closed form = log of the integral over z",
               oracle.log_evidence, log_evidence, 1e-9 * std::max(1.0, std::abs(log_evidence)));

  // The reader's q, in its three forms.
  const elbo::DiagonalNormal<double> q = normal(toy.q_mean, toy.q_scale);
  const double bound = model.elbo(x, q)(0), kl = oracle.kl(toy.q_mean, toy.q_scale);
  const double tolerance = 1e-8 * std::max(1.0, std::abs(bound));
  report.claim("eq:elbo-posterior-form", "your q: ELBO = log p(x) - KL(q || posterior)",
               oracle.log_evidence - kl, bound, tolerance);
  report.claim("eq:elbo-energy-entropy", "your q: ELBO = E_q log p(x, z) + entropy of q",
               oracle.energy(toy.q_mean, toy.q_scale) + q.entropy()(0), bound, tolerance);
  report.result("log_evidence", log_evidence);
  report.result("elbo", bound);
  report.result("kl", kl);

  // A hundred other guesses, by integrals each; and the best one.
  const elbo::Random random(seed, elbo::Stream::play, 2);
  double worst = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const double mean = posterior_mean + 2 * random.normal(2 * i);
    const double scale = posterior_scale * std::exp(random.normal(2 * i + 1));
    const double other_bound = model.elbo(x, normal(mean, scale))(0);
    worst = std::max(worst, std::abs(log_evidence - other_bound - oracle.kl(mean, scale)) /
                                std::max(1.0, std::abs(other_bound)));
  }
  report.claim("eq:evidence-decomposition",
               "linear-Gaussian: largest relative |log p - (ELBO + KL)| over 100 q", 0, worst,
               1e-8);
  report.claim("eq:elbo-touches", "linear-Gaussian: the ELBO at the posterior is log p(x)",
               log_evidence, model.elbo(x, normal(posterior_mean, posterior_scale))(0),
               1e-12 * std::max(1.0, std::abs(log_evidence)));
  report.result("posterior_mean", posterior_mean);
  report.result("posterior_scale", posterior_scale);

  // [touching]
  // The bound as q's mean moves, for the posterior's scale and for the reader's.
  elbo::Table curve({"q_mean", "elbo_posterior_scale", "elbo_your_scale", "log_evidence"});
  for (int i = 0; i <= 120; ++i) {
    const double mean = posterior_mean + posterior_scale * (i - 60) / 20.0;
    curve.add({mean, model.elbo(x, normal(mean, posterior_scale))(0),
               model.elbo(x, normal(mean, toy.q_scale))(0), log_evidence});
  }
  report.csv("touching_bound", curve);
  // [touching]
}

}  // namespace chapter
