// Chapter 2, section 6: where tutorials slip. Each sentence that is wrong is put beside the right
// one, in a model that is small enough to tell.
#include <algorithm>
#include <cmath>
#include <string>

#include "elbo/quadrature.hpp"
#include "elbo/statistics.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Matrix;
using elbo::textbook::log_normal;

double density(double x, double mean, double scale) {
  return std::exp(log_normal(x, mean, scale));
}

// [bayes]
// z is 0 or 1 with chances 0.3 and 0.7, x | z normal. Among many draws of the pair, those whose x
// fell near 0.4: how many of them came from z = 0?
void bayes(elbo::Report& report, std::uint64_t seed, bool quick) {
  const double prior[] = {0.3, 0.7}, mean[] = {-1.0, 2.0}, scale[] = {0.7, 1.2}, x = 0.4;
  const elbo::Random which(seed, elbo::Stream::play, 300), where(seed, elbo::Stream::play, 301);
  double from[] = {0, 0};
  const std::uint64_t draws = quick ? 1000000 : 4000000;
  for (std::uint64_t i = 0; i < draws; ++i) {
    const int z = which.uniform(i) < prior[0] ? 0 : 1;
    if (std::abs(mean[z] + scale[z] * where.normal(i) - x) < 0.02) ++from[z];
  }
  // [bayes]
  const double likelihood[] = {density(x, mean[0], scale[0]), density(x, mean[1], scale[1])};
  const double evidence = likelihood[0] * prior[0] + likelihood[1] * prior[1];
  const double right = likelihood[0] * prior[0] / evidence, n = from[0] + from[1];
  report.claim("eq:bayes",
               "share of z = 0 among draws with x near 0.4 = p(x | z) p(z) / p(x), 5 errors", right,
               from[0] / n, 5 * std::sqrt(right * (1 - right) / n));
  const double printed = likelihood[0] * likelihood[0] / prior[0];
  report.claim_at_least("eq:bayes-misprint",
                        "printed as p(x | z) p(x | z) / p(z): off by, in such errors", 5,
                        std::abs(printed - from[0] / n) / std::sqrt(right * (1 - right) / n));
}

// [no-weights]
// E_q p(x | z), the weights p(z) / q(z) forgotten: N(x; weight m, weight^2 s^2 + noise^2).
double mean_likelihood(const Toy& toy, double mean, double scale) {
  return elbo::integrate(
      [&](double z) { return density(z, mean, scale) * density(toy.x, toy.weight * z, toy.noise); },
      mean - 12 * scale, mean + 12 * scale);
}
// [no-weights]

void forgotten_weights(elbo::Report& report, const Toy& toy, std::uint64_t seed) {
  const elbo::Ppca model = toy.model();
  const double mean = model.posterior_mean(toy.observation())(0);
  const double scale = std::sqrt(model.posterior_covariance()(0, 0));
  const elbo::Random random(seed, elbo::Stream::play, 302);
  std::vector<double> plain, weighted;
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const double z = mean + 1.3 * scale * random.normal(i);
    plain.push_back(density(toy.x, toy.weight * z, toy.noise));
    weighted.push_back(plain.back() * density(z, 0, 1) / density(z, mean, 1.3 * scale));
  }
  const double evidence = std::exp(model.log_evidence(toy.observation())(0));
  const elbo::Average with(weighted), without(plain);
  report.claim("eq:evidence-needs-weights", "E_q p(x | z) p(z) / q(z) = p(x), 5 standard errors",
               evidence, with.mean, 5 * with.standard_error);
  report.claim("eq:likelihood-under-q",
               "E_q p(x | z) alone = N(x; weight m, weight^2 s^2 + noise^2), 5 standard errors",
               density(toy.x, toy.weight * mean, std::hypot(1.3 * toy.weight * scale, toy.noise)),
               without.mean, 5 * without.standard_error);
  // Not a matter of a bad q: at the posterior itself it is E p(x | z)^2 / p(x) over the prior.
  const double at_posterior = mean_likelihood(toy, mean, scale);
  report.claim_at_least("eq:likelihood-is-not-evidence",
                        "even at q = posterior, log E_q p(x | z) is above log p(x), nats", 0.1,
                        std::log(at_posterior / evidence));
  report.result("evidence", evidence);
  report.result("mean_likelihood_at_posterior", at_posterior);
}

void densities(elbo::Report& report, const Toy& toy) {
  // A density integrated over its own argument says nothing about the data: it is 1 for any weight.
  double worst = 0, highest = -1e300, lowest = 1e300;
  for (const double weight : {0.5, 1.5, 4.0}) {
    const elbo::Ppca model = toy.model_with(weight);
    const double total = elbo::integrate(
        [&](double x) { return std::exp(model.log_evidence(Matrix<double>{{x}})(0)); }, -60, 60);
    worst = std::max(worst, std::abs(total - 1));
    const double here = model.log_evidence(toy.observation())(0);
    highest = std::max(highest, here), lowest = std::min(lowest, here);
  }
  report.claim("eq:density-normalised",
               "the integral of p(x) over all x is 1, three weights, worst", 0, worst, 1e-10);
  report.claim_at_least("eq:likelihood-of-data",
                        "log p at the datum tells the three apart: spread in nats", 0.1,
                        highest - lowest);

  // The decoder is not an inference: it says which x a z makes. Turned round, x / weight, it
  // forgets the prior; p(z | x) by quadrature does not.
  const auto moment = [&](int power) {
    return elbo::integrate(
        [&](double z) {
          return std::pow(z, power) * density(z, 0, 1) * density(toy.x, toy.weight * z, toy.noise);
        },
        -12, 12);
  };
  const double w2 = toy.weight * toy.weight, n2 = toy.noise * toy.noise;
  report.claim("eq:decoder-turned-round",
               "mean of z given x = x / weight, shrunk by weight^2 / (weight^2 + noise^2)",
               toy.x / toy.weight * w2 / (w2 + n2), moment(1) / moment(0), 1e-10);
}

// [estimate]
// The reconstruction term from L draws is an estimate, not the term: it has an error, sd / sqrt L.
void estimates(elbo::Report& report, const Toy& toy, std::uint64_t seed) {
  const double w = toy.weight * toy.q_scale / toy.noise;  // log p(x | z) = c - (a - w eps)^2 / 2
  const double a = (toy.x - toy.weight * toy.q_mean) / toy.noise;
  const double exact = log_normal(a, 0, 1) - std::log(toy.noise) - 0.5 * w * w;
  const double sd = std::sqrt(a * a * w * w + 0.5 * w * w * w * w);
  const elbo::Random random(seed, elbo::Stream::play, 303);
  std::uint64_t at = 0;
  for (const int draws : {1, 16}) {
    constexpr int estimates = 4000;
    double squares = 0;
    for (int i = 0; i < estimates; ++i) {
      double sum = 0;
      for (int l = 0; l < draws; ++l) {
        const double z = toy.q_mean + toy.q_scale * random.normal(at++);
        sum += log_normal(toy.x, toy.weight * z, toy.noise);
      }
      squares += std::pow(sum / draws - exact, 2) / estimates;
    }
    report.claim("eq:estimate-has-error",
                 "L = " + std::to_string(draws) + ": error of the estimated reconstruction term",
                 sd / std::sqrt(draws), std::sqrt(squares), 0.1 * sd / std::sqrt(draws));
  }
}
// [estimate]

}  // namespace

void slips(elbo::Report& report, std::uint64_t seed, bool quick) {
  const Toy toy;  // not the reader's: what is claimed here is claimed of these numbers
  bayes(report, seed, quick);
  forgotten_weights(report, toy, seed);
  densities(report, toy);
  estimates(report, toy, seed);
}

}  // namespace chapter
