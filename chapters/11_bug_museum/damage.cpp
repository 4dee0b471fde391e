// What each bug costs and hides, as claims. Every comparison with the right program is image by
// image, so that easy and hard images cancel.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "court.hpp"
#include "elbo/quadrature.hpp"
#include "elbo/special.hpp"

namespace chapter {
namespace {

using elbo::Average;

// The largest change of a parameter in the first step, in learning rates.
double first_step(const Exhibit& exhibit, const Run& run) {
  Program program(exhibit, run.model, run.seed);
  const elbo::Vector<double> before = program.parameters;
  const Matrix x = run.binary.train.block<double>(0, 40);
  program.step(x, elbo::Random(run.seed, elbo::Stream::noise).normal<double>(run.model.latent, 40));
  return (program.parameters - before).cwiseAbs().maxCoeff() / run.model.learning_rate;
}

// Over a grey pixel, from 0 to 1, a coin's formula with logit a integrates to tanh(a / 2) / a,
// never more than 1/2 (Loaiza-Ganem and Cunningham 2019). The logarithm, summed over an image's
// pixels: the closed form, and by adding up.
struct Mass {
  double closed = 0, added = 0;
};
Mass log_mass_of_grey(const Matrix& eta) {
  Mass mass;
  for (const double a : eta.reshaped()) {
    const double size = std::max(std::abs(a), 1e-8);
    mass.closed += std::log(std::tanh(size / 2) / size);
    const auto coin = [&](double x) { return std::exp(x * a - elbo::softplus(a)); };
    mass.added += std::log(elbo::integrate(coin, 0, 1, 1000));
  }
  const double images = static_cast<double>(eta.cols());
  return {mass.closed / images, mass.added / images};
}

// The most that a twice squashed output could log: white where white is, black where black is.
double best_of_sigmoid_twice(const elbo::Images& images) {
  const double white = images.block<double>(0, images.count).colwise().sum().mean();
  const double black = static_cast<double>(images.dimension()) - white;
  return white * (1 - elbo::softplus(1.0)) - black * std::numbers::ln2;
}

void right_programs(const Run& run, const Court& court) {
  // One draw an image in the log, eight in the measurement: standard errors of 3 and 1 parts.
  for (const char* name : {"correct", "correct-gaussian"}) {
    if (const Verdict* v = court.on(name)) {
      court.claim(*v, std::string(name) + ": its log is the true ELBO, 5 standard errors",
                  Average(v->elbo).mean, v->logged, 5 * std::sqrt(9.0) * v->monte_carlo_error);
    }
  }
  if (const Verdict* v = court.on("correct-k")) {
    court.claim_at_least(*v, "correct-k: the bound of 5 samples is above the ELBO",
                         Average(v->elbo).mean, v->logged);
  }
  int better = 0;
  std::size_t all = 0;
  for (const Exhibit& e : exhibits()) {
    const Verdict* v = court.on(e.card.name);
    if (!v || e.is_right()) continue;
    ++all;
    better +=
        v->logged > court.like(*v).logged && Court::lost(court.like(*v).elbo, v->elbo).mean > 5;
  }
  run.report.result("looks_better", better);
  if (all < 12) return;
  // False if a glance at the log were enough to tell a wrong program.
  run.report.claim_at_least("eq:museum-looks-better",
                            "bugs whose log beats the right program's while their ELBO is worse", 5,
                            better);
}

void of_the_kl_term(const Court& court) {
  if (const Verdict* v = court.on("mean-reduction")) {
    court.boasts(*v, 100);
    court.breaks(*v);
    court.costs_evidence(*v, 10, "mean-reduction");
  }
  if (const Verdict* v = court.on("half-missing")) {
    // It logs reconstruction - 2 KL: one KL too few, and a model that was trained for beta = 2.
    court.understates(*v, 3);
    court.hardly_costs(*v, "half-missing: a beta of 2");
  }
  if (const Verdict* v = court.on("kl-sign")) {
    // A picture of black and white pixels has a probability, at most 1: its logarithm is not
    // positive, nor is anything below it.
    court.claim_at_least(*v, "kl-sign: logs a bound on a probability above 1", 0, v->logged);
    court.costs_evidence(*v, 50, "kl-sign");
  }
  if (const Verdict* v = court.on("kl-direction")) {
    court.costs(*v, 5, "kl-direction");
    court.costs_evidence(*v, 2, "kl-direction");
  }
}

void of_the_sample(const Court& court) {
  for (const char* name : {"noise-scale", "uniform-noise", "z-is-mean"}) {
    if (const Verdict* v = court.on(name)) {
      court.boasts(*v, 10);
      court.breaks(*v);
      court.costs(*v, 5, name);
      court.hardly_costs(*v, std::string(name) + ": the decoder does well");
    }
  }
  if (const Verdict* v = court.on("log-scale")) {
    court.boasts(*v, 1);
    court.hardly_costs(*v, "log-scale: the decoder does well");
  }
}

void of_the_pixels(const Run& run, const Court& court) {
  if (const Verdict* v = court.on("sigmoid-twice")) {
    court.claim_at_most(*v, "sigmoid-twice: cannot log more than certainty twice squashed",
                        best_of_sigmoid_twice(run.binary.test), v->logged);
    court.costs_evidence(*v, 20, "sigmoid-twice");
  }
  if (const Verdict* v = court.on("grey-bernoulli")) {
    // False if it were a density: the logarithm would be 0. 0.1: trapezoids of width 1/1000 under
    // e^(a x) are (a / 1000)^2 / 12 too large.
    const Mass mass = log_mass_of_grey(v->outputs);
    run.report.result("grey_bernoulli_log_mass", mass.added);
    court.claim(*v, "grey-bernoulli: log of its integral over grey images, closed and added up",
                mass.closed, mass.added, 0.1);
    court.hardly_costs(*v, "grey-bernoulli: a bug of the report alone");
  }
  if (const Verdict* v = court.on("mse-without-variance")) {
    const double constant =
        0.5 * static_cast<double>(run.model.pixels) * std::log(std::numbers::pi);
    court.claim(*v, "mse-without-variance: its log - true ELBO = D/2 log pi, 5 standard errors",
                constant, v->logged - Average(v->elbo).mean, 15 * v->monte_carlo_error);
    court.costs_evidence(*v, 100, "mse-without-variance");
  }
}

void of_the_rest(const Run& run, const Court& court) {
  if (const Verdict* v = court.on("average-log-weights")) {
    court.understates(*v, 0.5);
    court.hardly_costs(*v, "average-log-weights: it trains the ELBO by 5 draws");
  }
  if (const Verdict* v = court.on("no-bias-correction")) {
    court.claim(*v, "no-bias-correction: the first step, in learning rates",
                (1 - beta1) / std::sqrt(1 - beta2), first_step(*v->exhibit, run), 1e-3);
    court.hardly_costs(*v, "no-bias-correction: a learning rate of its own");
  }
}

}  // namespace

void claim_damage(const Run& run, const std::vector<Verdict>& verdicts) {
  const Court court(run, verdicts);
  right_programs(run, court);
  of_the_kl_term(court);
  of_the_sample(court);
  of_the_pixels(run, court);
  of_the_rest(run, court);
}

}  // namespace chapter
