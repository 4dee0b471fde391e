// Chapter 1, section 4: the direction matters. One normal q must stand for a p with two humps.
// Minimising KL(p || q) covers both; minimising KL(q || p) chooses one. A VAE's encoder does the
// latter.
#include <cmath>

#include "elbo/quadrature.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

struct Hump {
  double weight, mean, scale;
};
constexpr Hump left{0.4, -1.8, 0.6}, right{0.6, 1.6, 0.5};
constexpr double lower = -12, upper = 12;

double normal_density(double x, double mean, double scale) {
  return std::exp(elbo::textbook::log_normal(x, mean, scale));
}

double p(double x) {
  return left.weight * normal_density(x, left.mean, left.scale) +
         right.weight * normal_density(x, right.mean, right.scale);
}

double forward_kl(double mean, double scale) {
  return elbo::integrate(
      [&](double x) {
        return p(x) * (std::log(p(x)) - elbo::textbook::log_normal(x, mean, scale));
      },
      lower, upper, 600);
}

double reverse_kl(double mean, double scale) {
  const auto integrand = [&](double x) {
    const double log_density = elbo::textbook::log_normal(x, mean, scale);
    return std::exp(log_density) * (log_density - std::log(p(x)));
  };
  return elbo::integrate(integrand, lower, upper, 600);
}

struct Fit {
  double mean, scale, kl;
};

// [fit]
// Compass search: try a step each way in the mean and in log scale; when none helps, halve it.
template <class Divergence>
Fit fit(Divergence kl, double mean, double scale) {
  Fit best{mean, scale, kl(mean, scale)};
  for (double step = 0.5; step > 1e-7;) {
    Fit next = best;
    for (const auto& [dm, ds] : {std::pair{step, 0.0}, {-step, 0.0}, {0.0, step}, {0.0, -step}}) {
      const double m = best.mean + dm, s = best.scale * std::exp(ds), value = kl(m, s);
      if (value < next.kl) next = {m, s, value};
    }
    if (next.kl < best.kl) {
      best = next;
    } else {
      step /= 2;
    }
  }
  return best;
}
// [fit]

}  // namespace

void two_humps(elbo::Report& report, bool quick) {
  const Fit covering = fit(forward_kl, 0.0, 1.0);
  const Fit seeking_left = fit(reverse_kl, -1.0, 1.0), seeking_right = fit(reverse_kl, 1.0, 1.0);

  // KL(p || q) is least where q has the mean and variance of p: closed form from the two humps.
  const double mean = left.weight * left.mean + right.weight * right.mean;
  const auto second = [](Hump h) { return h.weight * (h.scale * h.scale + h.mean * h.mean); };
  const double scale = std::sqrt(second(left) + second(right) - mean * mean);
  report.claim("eq:forward-kl-moments", "the searched KL(p || q) minimum has the mean of p", mean,
               covering.mean, 1e-5);
  report.claim("eq:forward-kl-moments", "and the standard deviation of p", scale, covering.scale,
               1e-5);

  // KL(q || p) is least on one hump. Were the other infinitely far away, q would be that hump, p
  // the hump times its weight, and the divergence -log weight; the far tail of the other makes it a
  // little less.
  report.claim("eq:reverse-kl-mode", "right fit: KL(q || p) near -log 0.6", -std::log(right.weight),
               seeking_right.kl, 0.02);
  report.claim("eq:reverse-kl-mode", "left fit: KL(q || p) near -log 0.4", -std::log(left.weight),
               seeking_left.kl, 0.02);
  report.claim("eq:reverse-kl-mode", "right fit: q sits on the hump, mean near 1.6", right.mean,
               seeking_right.mean, 0.05);

  report.result("forward_mean", covering.mean);
  report.result("forward_scale", covering.scale);
  report.result("forward_kl", covering.kl);
  report.result("reverse_mean", seeking_right.mean);
  report.result("reverse_scale", seeking_right.scale);
  report.result("reverse_kl", seeking_right.kl);
  report.result("reverse_kl_left", seeking_left.kl);

  elbo::Table curve({"x", "p", "forward", "reverse"});
  const int points = quick ? 200 : 400;
  for (int i = 0; i <= points; ++i) {
    const double x = -5.0 + 10.0 * i / points;
    curve.add({x, p(x), normal_density(x, covering.mean, covering.scale),
               normal_density(x, seeking_right.mean, seeking_right.scale)});
  }
  report.csv("two_humps", curve);
}

}  // namespace chapter
