// Chapter 2, section 5: when is maximising the ELBO the same as maximising the likelihood? When q
// can reach the posterior. Here q may move but must keep one scale, and the best weight moves with
// it.
#include <algorithm>
#include <cmath>

#include "sections.hpp"

namespace chapter {
namespace {

using elbo::DiagonalNormal;
using elbo::Matrix;

// Data with exactly the second moment of x under the true weight: two points, +-sqrt(S).
Matrix<double> population(const Toy& toy) {
  const double s = std::hypot(toy.weight, toy.noise);
  return Matrix<double>{{s, -s}};
}

// [restricted]
// The mean ELBO of a weight, each x with its best q among those of the allowed scale. (The best
// mean is the posterior's, whatever the scale.)
double restricted_elbo(const Toy& toy, double weight, double q_scale) {
  const elbo::Ppca model = toy.model_with(weight);
  const Matrix<double> x = population(toy);
  const Matrix<double> mean = model.posterior_mean(x);
  const auto q = DiagonalNormal<double>::from_scale(mean, Matrix<double>::Constant(1, 2, q_scale));
  return model.elbo(x, q).mean();
}
// [restricted]

double mean_log_evidence(const Toy& toy, double weight) {
  return toy.model_with(weight).log_evidence(population(toy)).mean();
}

// Golden-section search for the maximum of a function with one hump.
template <class F>
double argmax(F f, double lower, double upper) {
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  while (upper - lower > 1e-9 * std::max(1.0, upper)) {
    const double a = upper - ratio * (upper - lower), b = lower + ratio * (upper - lower);
    if (f(a) < f(b)) {
      lower = a;
    } else {
      upper = b;
    }
  }
  return (lower + upper) / 2;
}

// How far from its maximum f must be before its value shows it: the honest tolerance of a search
// that sees only values, rounded to 16 digits.
template <class F>
double flatness(F f, double at) {
  const double top = f(at), visible = 1e-13 * std::max(1.0, std::abs(top));
  double step = 1e-9 * std::max(1.0, at);
  while (f(at + step) > top - visible) step *= 2;
  return step;
}

}  // namespace

void restricted(elbo::Report& report, const Toy& toy) {
  const double s2 = toy.weight * toy.weight + toy.noise * toy.noise, s = std::sqrt(s2);
  const double truth = std::abs(toy.weight);
  const double posterior_scale = toy.noise / s;
  const double far = 4 * std::max({1.0, truth, std::sqrt(toy.noise * s / toy.q_scale)});

  // The likelihood's best weight, and the ELBO's with the posterior's own scale: both the true one.
  const auto likelihood = [&](double w) { return mean_log_evidence(toy, w); };
  const auto with_scale = [&](double scale) {
    return [&toy, scale](double w) { return restricted_elbo(toy, w, scale); };
  };
  const double likeliest = argmax(likelihood, 0, far);
  report.claim("eq:likelihood-weight", "the likelihood is greatest at weight^2 = S - noise^2",
               truth, likeliest, flatness(likelihood, truth));
  const auto with_posterior = with_scale(posterior_scale);
  report.claim("eq:elbo-unrestricted", "with the posterior's scale the ELBO agrees", truth,
               argmax(with_posterior, 0, far), flatness(with_posterior, truth));

  // With the reader's scale: d ELBO / d weight^2 = 0 at weight^2 + noise^2 = noise sqrt(S) / scale.
  const auto with_yours = with_scale(toy.q_scale);
  const double best = argmax(with_yours, 0, far);
  const double closed =
      std::sqrt(std::max(0.0, toy.noise * s / toy.q_scale - toy.noise * toy.noise));
  report.claim("eq:elbo-restricted",
               "your q-scale: the ELBO's best weight, searched and in closed form", closed, best,
               flatness(with_yours, closed));
  report.result("likelihood_weight", likeliest);
  report.result("restricted_weight", best);
  report.result("restricted_loss",
                mean_log_evidence(toy, likeliest) - mean_log_evidence(toy, best));

  elbo::Table curve({"weight", "log_evidence", "elbo"});
  for (int i = 0; i <= 150; ++i) {
    const double w = 2.5 * std::max(truth, best) * i / 150;
    curve.add({w, mean_log_evidence(toy, w), restricted_elbo(toy, w, toy.q_scale)});
  }
  report.csv("restricted", curve);
}

}  // namespace chapter
