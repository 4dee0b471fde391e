// Chapter 2's bound: z ~ N(0, 1), x | z ~ N(weight z, noise^2), and a guess q for z.
#include <cmath>

#include "calls.hpp"
#include "elbo/ppca.hpp"
#include "elbo/quadrature.hpp"

namespace interactive {
namespace {

using elbo::Matrix;
using elbo::textbook::log_normal;

Matrix<double> one(double value) {
  return Matrix<double>::Constant(1, 1, value);
}

elbo::Ppca model(const Numbers& a) {
  return {one(a[0]), elbo::Vector<double>::Zero(1), a[1] * a[1]};
}

// weight, noise, x, mean, scale
// -> log p(x), ELBO, KL(q || posterior), the posterior's mean and scale
Numbers bound(const Numbers& a) {
  const elbo::Ppca toy = model(a);
  const Matrix<double> x = one(a[2]);
  const auto q = elbo::DiagonalNormal<double>::from_scale(one(a[3]), one(a[4]));
  const double mean = toy.posterior_mean(x)(0), scale = std::sqrt(toy.posterior_covariance()(0, 0));
  const auto posterior = elbo::DiagonalNormal<double>::from_scale(one(mean), one(scale));
  return {toy.log_evidence(x)(0), toy.elbo(x, q)(0), elbo::kl_divergence(q, posterior)(0), mean,
          scale};
}

// the same -> mean and scale a step uphill: along the ELBO's gradient in the mean and log scale
Numbers ascend(const Numbers& a) {
  const double precision = 1 + a[0] * a[0] / (a[1] * a[1]), rate = 0.15 / precision;
  const double slope = a[0] * (a[2] - a[0] * a[3]) / (a[1] * a[1]) - a[3];
  const double slope_of_log = 1 - precision * a[4] * a[4];
  return {a[3] + rate * slope, a[4] * std::exp(0.15 * std::max(-1.0, slope_of_log))};
}

// the same -> for 241 places from -4 to 4: q(z), p(z | x), p(z)
Numbers curves(const Numbers& a) {
  const Numbers exact = bound(a);
  Numbers out;
  for (int i = 0; i <= 240; ++i) {
    const double z = -4 + i / 30.0;
    for (const double log_prob :
         {log_normal(z, a[3], a[4]), log_normal(z, exact[3], exact[4]), log_normal(z, 0, 1)}) {
      out.push_back(std::exp(log_prob));
    }
  }
  return out;
}

}  // namespace

Calls bound_calls() {
  const std::vector<Argument> toy = {{"weight", -5, 5},
                                     {"noise", 0.1, 5},
                                     {"x", -10, 10},
                                     {"q's mean", -10, 10},
                                     {"q's scale", 0.02, 10}};
  return {
      {"bound", {toy, bound}}, {"bound_ascend", {toy, ascend}}, {"bound_curves", {toy, curves}}};
}

}  // namespace interactive
