// Chapter 5: the two things that are easy to get wrong, the likelihood and the gradient, against
// formulas that anyone can check by eye.
#include <algorithm>
#include <cmath>

#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Likelihood;
using elbo::Matrix;
using elbo::Vector;

// [gradient]
// d(objective) along a random direction: the hand-written gradient's projection, and a difference
// quotient of the objective itself. Doubles, a few real digits, all weights at once.
double worst_slope_error(const Run& run, Likelihood likelihood) {
  const Matrix<double> x = run.data.test.block<double>(0, 5);
  elbo::Vae<double> vae({.pixels = x.rows(),
                         .hidden = {12, 9},
                         .latent = 3,
                         .likelihood = likelihood,
                         .activation = elbo::Activation::tanh},
                        run.seed);
  const elbo::Random random(run.seed, elbo::Stream::play, 1);
  const Matrix<double> eps = random.normal<double>(3, 5);
  const auto loss = [&] { return -vae.elbo(x, eps).elbo().sum(); };

  Vector<double> gradient = Vector<double>::Zero(vae.parameters.size());
  elbo::Vae<double>::Workspace workspace;
  vae.elbo_gradient(x, eps, {}, gradient, workspace);

  double worst = 0;
  const Vector<double> at = vae.parameters;
  for (std::uint64_t trial = 1; trial <= 5; ++trial) {
    const auto first = trial * static_cast<std::uint64_t>(1000000);
    const Vector<double> direction = random.normal<double>(at.size(), 1, first);
    constexpr double h = 1e-6;
    vae.parameters = at + h * direction;
    const double up = loss();
    vae.parameters = at - h * direction;
    const double slope = (up - loss()) / (2 * h), projected = gradient.dot(direction);
    worst = std::max(worst, std::abs(slope - projected) / gradient.norm());
  }
  return worst;
}
// [gradient]

// [glm]
// A generalised linear model's score is x - mean(eta). For linear and sigmoid outputs the
// library's; for softmax, which no chapter trains, the formula alone.
double glm_error() {
  constexpr double h = 1e-6, x = 0.7;
  double worst = 0;
  const auto check = [&](auto log_p, double eta, double residual) {
    const double slope = (log_p(eta + h) - log_p(eta - h)) / (2 * h);
    worst = std::max(worst, std::abs(slope - residual));
  };
  const auto library = [&](Likelihood likelihood, double eta) {
    const Matrix<double> pixel = Matrix<double>::Constant(1, 1, x);
    const Matrix<double> output = Matrix<double>::Constant(1, 1, eta);
    Matrix<double> d_eta, unused;
    log_likelihood_gradient(likelihood, pixel, output, 0.0, d_eta, unused);
    return d_eta(0);
  };
  for (const double eta : {-1.3, 0.2, 2.1}) {
    check([](double e) { return -0.5 * (x - e) * (x - e); }, eta,
          library(Likelihood::gaussian, eta));
    check([](double e) { return x * e - std::log(1 + std::exp(e)); }, eta,
          library(Likelihood::bernoulli, eta));
    const double rest = std::exp(0.4) + std::exp(-0.9);  // two other classes
    check([&](double e) { return e - std::log(std::exp(e) + rest); }, eta,
          1 - std::exp(eta) / (std::exp(eta) + rest));
  }
  return worst;
}
// [glm]

// log p(x | eta) with sigmoid and logarithm written out, pixel by pixel.
double bernoulli_by_hand(const Matrix<double>& x, const Matrix<double>& logits) {
  double sum = 0;
  for (Index i = 0; i < x.rows(); ++i) {
    const double p = 1 / (1 + std::exp(-logits(i)));
    sum += x(i) * std::log(p) + (1 - x(i)) * std::log(1 - p);
  }
  return sum;
}

}  // namespace

void check_by_hand(const Run& run) {
  for (const Likelihood each :
       {Likelihood::bernoulli, Likelihood::gaussian, Likelihood::gaussian_learned}) {
    run.report.claim("eq:vae-gradient",
                     to_string(each) + ": backward = difference quotient, worst of 5 directions", 0,
                     worst_slope_error(run, each), 1e-6);
  }
  run.report.claim("eq:generalised-linear-model",
                   "slope of log p in eta = x - mean, for three likelihoods", 0, glm_error(), 1e-8);

  const Matrix<double> x = run.data.test.block<double>(0, 1);
  const Matrix<double> eta =
      2.0 * elbo::Random(run.seed, elbo::Stream::play, 2).normal<double>(x.rows(), 1);
  run.report.claim("eq:bernoulli-log-prob", "one image by logits = with the sigmoid written out",
                   bernoulli_by_hand(x, eta), log_likelihood(Likelihood::bernoulli, x, eta, 0.0)(0),
                   1e-12 * static_cast<double>(x.size()));
  const double squares = (x - eta).squaredNorm();
  const double constant = 0.5 * static_cast<double>(x.rows()) * std::log(2 * M_PI);
  run.report.claim("eq:gaussian-mse", "unit variance: -log p = half the squared error + a constant",
                   0.5 * squares + constant, -log_likelihood(Likelihood::gaussian, x, eta, 0.0)(0),
                   1e-12 * static_cast<double>(x.size()));
}

}  // namespace chapter
