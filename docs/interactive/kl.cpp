// Chapter 1's explorer: two normals, or a target with two humps, and the two divergences.
#include <algorithm>
#include <cmath>
#include <functional>

#include "calls.hpp"
#include "elbo/distributions.hpp"
#include "elbo/quadrature.hpp"

namespace interactive {
namespace {

using elbo::textbook::log_normal;
using Normal = elbo::DiagonalNormal<double>;
using LogDensity = std::function<double(double)>;

Normal normal(double mean, double scale) {
  return Normal::from_scale(elbo::Matrix<double>::Constant(1, 1, mean),
                            elbo::Matrix<double>::Constant(1, 1, scale));
}

LogDensity log_density(double mean, double scale) {
  return [=](double x) { return log_normal(x, mean, scale); };
}

// --- Two normals: mean and scale of p, then of q ---

// -> H(q), H(q, p), KL(q || p), H(p), H(p, q), KL(p || q)
Numbers normals(const Numbers& a) {
  const Normal p = normal(a[0], a[1]), q = normal(a[2], a[3]);
  const double of_q = q.entropy()(0), of_p = p.entropy()(0);
  const double forward = elbo::kl_divergence(p, q)(0), reverse = elbo::kl_divergence(q, p)(0);
  return {of_q, of_q + reverse, reverse, of_p, of_p + forward, forward};
}

// -> mean and scale where KL(q || p) is least, then where KL(p || q) is: p's own.
Numbers normals_fits(const Numbers& a) {
  return {a[0], a[1], a[0], a[1]};
}

// For 241 places x from -6 to 6: x, q, p, q log(q / p), p log(p / q).
Numbers curves(const LogDensity& log_p, const LogDensity& log_q) {
  Numbers out;
  for (int i = 0; i <= 240; ++i) {
    const double x = (i - 120) / 20.0, q = log_q(x), p = log_p(x);
    out.insert(out.end(),
               {x, std::exp(q), std::exp(p), std::exp(q) * (q - p), std::exp(p) * (p - q)});
  }
  return out;
}

Numbers normals_curves(const Numbers& a) {
  return curves(log_density(a[0], a[1]), log_density(a[2], a[3]));
}

// --- A target of two humps: the left one's weight, mean and scale of each; then mean and scale of
// q. No closed form is known, and quadrature serves ---

struct Target {
  double weight, left, left_scale, right, right_scale;

  explicit Target(const Numbers& a)
      : weight(a[0]), left(a[1]), left_scale(a[2]), right(a[3]), right_scale(a[4]) {}

  double operator()(double x) const {
    const double l = std::log(weight) + log_normal(x, left, left_scale);
    const double r = std::log1p(-weight) + log_normal(x, right, right_scale);
    return std::max(l, r) + std::log1p(std::exp(-std::abs(l - r)));
  }
};

// E_a[-log b] = the integral of -a log b.
double cross_entropy(const LogDensity& log_a, const LogDensity& log_b) {
  return elbo::integrate([&](double x) { return -std::exp(log_a(x)) * log_b(x); }, -40, 40, 4000);
}

Numbers humps(const Numbers& a) {
  const LogDensity p = Target(a), q = log_density(a[5], a[6]);
  const double of_q = normal(a[5], a[6]).entropy()(0), of_p = cross_entropy(p, p);
  const double q_by_p = cross_entropy(q, p), p_by_q = cross_entropy(p, q);
  return {of_q, q_by_p, q_by_p - of_q, of_p, p_by_q, p_by_q - of_p};
}

double reverse_kl(const Target& p, double mean, double scale) {
  const LogDensity log_q = log_density(mean, scale);
  return elbo::integrate([&](double x) { return std::exp(log_q(x)) * (log_q(x) - p(x)); },
                         mean - 9 * scale, mean + 9 * scale, 200);
}

// As normals_fits. Where there are several least places, the one downhill from q.
Numbers humps_fits(const Numbers& a) {
  const Target p(a);
  double mean = a[5], log_scale = std::log(a[6]), best = reverse_kl(p, mean, a[6]);
  for (double step = 0.5; step > 1e-5;) {  // compass search, as in the chapter
    double next = best, next_mean = mean, next_log_scale = log_scale;
    for (const auto& [dm, ds] : {std::pair{step, 0.0}, {-step, 0.0}, {0.0, step}, {0.0, -step}}) {
      const double value = reverse_kl(p, mean + dm, std::exp(log_scale + ds));
      if (value < next) next = value, next_mean = mean + dm, next_log_scale = log_scale + ds;
    }
    if (!(next < best)) step /= 2;
    best = next, mean = next_mean, log_scale = next_log_scale;
  }
  const double other = 1 - p.weight, centre = p.weight * p.left + other * p.right;
  const double square = p.weight * (p.left_scale * p.left_scale + p.left * p.left) +
                        other * (p.right_scale * p.right_scale + p.right * p.right);
  return {mean, std::exp(log_scale), centre, std::sqrt(square - centre * centre)};
}

Numbers humps_curves(const Numbers& a) {
  return curves(Target(a), log_density(a[5], a[6]));
}

}  // namespace

Calls kl_calls() {
  const std::vector<Argument> two = {
      {"p's mean", -5, 5}, {"p's scale", 0.1, 5}, {"q's mean", -5, 5}, {"q's scale", 0.1, 5}};
  const std::vector<Argument> target = {
      {"weight", 0.01, 0.99},  {"left mean", -5, 5}, {"left scale", 0.1, 5}, {"right mean", -5, 5},
      {"right scale", 0.1, 5}, {"q's mean", -5, 5},  {"q's scale", 0.1, 5}};
  return {{"kl_normals", {two, normals}},
          {"kl_normals_fits", {two, normals_fits}},
          {"kl_normals_curves", {two, normals_curves}},
          {"kl_humps", {target, humps}},
          {"kl_humps_fits", {target, humps_fits}},
          {"kl_humps_curves", {target, humps_curves}}};
}

}  // namespace interactive
