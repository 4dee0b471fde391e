// Chapter 2's bound: z ~ N(0, 1), x | z ~ N(weight z, noise^2), one x that was seen, and a guess
// q = N(mean, scale^2) for its z.
#include <algorithm>
#include <cmath>

#include "calls.hpp"
#include "elbo/ppca.hpp"
#include "elbo/quadrature.hpp"

namespace interactive {
namespace {

using elbo::Matrix;
using elbo::textbook::log_normal;
using Normal = elbo::DiagonalNormal<double>;

Matrix<double> one(double value) {
  return Matrix<double>::Constant(1, 1, value);
}

// What the sliders stand for.
struct Toy {
  double weight, noise, x, mean, scale;

  explicit Toy(const Numbers& a) : weight(a[0]), noise(a[1]), x(a[2]), mean(a[3]), scale(a[4]) {}

  elbo::Ppca model() const { return {one(weight), elbo::Vector<double>::Zero(1), noise * noise}; }
  Normal q() const { return Normal::from_scale(one(mean), one(scale)); }
  Normal posterior() const {
    return Normal::from_scale(model().posterior_mean(one(x)),
                              model().posterior_covariance().cwiseSqrt());
  }
  double elbo() const { return model().elbo(one(x), q())(0); }
};

// -> log p(x), ELBO, KL(q || posterior), E_q log p(x | z), KL(q || prior), the posterior's mean and
// scale. Each by a formula of its own: that the sums come out is found, not arranged.
Numbers bound(const Numbers& a) {
  const Toy toy(a);
  const Normal q = toy.q(), posterior = toy.posterior();
  // E_q (x - weight z)^2 = (x - weight mean)^2 + (weight scale)^2.
  const double spread = toy.weight * toy.scale / toy.noise;
  const double explained = log_normal(toy.x, toy.weight * toy.mean, toy.noise);
  return {toy.model().log_evidence(one(toy.x))(0),
          toy.elbo(),
          elbo::kl_divergence(q, posterior)(0),
          explained - 0.5 * spread * spread,
          elbo::kl_from_standard_normal(q)(0),
          toy.model().posterior_mean(one(toy.x))(0),
          std::sqrt(toy.model().posterior_covariance()(0, 0))};
}

// One step uphill, by what is known of p(x, z) alone; the posterior is not asked. Along z, log p(x,
// z) is a parabola of curvature -P, P = 1 + weight^2 / noise^2. With u = log scale,
//
//   ELBO = E_q log p(x, z) + H(q) = log p(x, mean) - P e^2u / 2 + u + a constant,
//   dELBO/dmean = dlog p(x, z)/dz at z = mean,   dELBO/du = 1 - P e^2u,
//
// and the curvatures are -P and -2 P e^2u. Each slope is divided by its curvature, and a fifth of
// that is gone: q comes nearer by a fifth in both. (For a narrow q the curvature is taken as 2,
// what it is at the top. The true one is nearly 0 there and would send the step far beyond. As it
// is, no step reaches the top, and none goes down.)
Toy uphill(Toy toy) {
  constexpr double rate = 0.2;
  const double ratio = toy.weight / toy.noise, precision = 1 + ratio * ratio;
  Matrix<double> slope;
  toy.model().log_joint_gradient(one(toy.x), one(toy.mean), slope);
  const double square = precision * toy.scale * toy.scale;
  toy.mean += rate * slope(0) / precision;
  toy.scale *= std::exp(rate * (1 - square) / (2 * std::max(1.0, square)));
  return toy;
}

// The same arguments, and how many steps -> mean and scale after them, and by how much the last one
// has raised the ELBO.
Numbers ascend(const Numbers& a) {
  Toy toy(a);
  double gain = 0;
  for (int step = 0; step < static_cast<int>(a[5]); ++step) {
    const double before = toy.elbo();
    toy = uphill(toy);
    gain = toy.elbo() - before;
  }
  return {toy.mean, toy.scale, gain};
}

// For 321 places z from -4 to 4: z, q(z), p(z | x), p(z).
Numbers curves(const Numbers& a) {
  const Toy toy(a);
  const Numbers exact = bound(a);
  Numbers out;
  for (int i = 0; i <= 320; ++i) {
    const double z = (i - 160) / 40.0;
    out.insert(out.end(),
               {z, std::exp(log_normal(z, toy.mean, toy.scale)),
                std::exp(log_normal(z, exact[5], exact[6])), std::exp(log_normal(z, 0, 1))});
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
  std::vector<Argument> steps = toy;
  steps.push_back({"steps", 1, 1000, whole});
  return {
      {"bound", {toy, bound}}, {"bound_ascend", {steps, ascend}}, {"bound_curves", {toy, curves}}};
}

}  // namespace interactive
