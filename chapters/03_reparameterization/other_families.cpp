// Chapter 3, section 4: any location-scale family has a path; a coin has none.
#include <array>

#include "elbo/special.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

// [families]
// eps of mean 0 from a uniform number, by the inverse of its distribution function.
double logistic(double u) {
  return std::log(u) - std::log1p(-u);
}  // variance pi^2 / 3
double laplace(double u) {  // variance 2
  return u < 0.5 ? std::log(2 * u) : -std::log(2 * (1 - u));
}
double uniform(double u) {
  return 2 * u - 1;
}  // variance 1/3
// [families]

struct Family {
  const char* name;
  double (*noise)(double);
  double variance;
};

}  // namespace

void other_families(elbo::Report& report, std::uint64_t seed, bool quick) {
  const elbo::Random random(seed, elbo::Stream::play, 3000);
  const std::uint64_t n = quick ? 20000 : 200000;

  // z = mean + scale eps: d/dscale E z^2 = 2 scale Var(eps), by df/dz dz/dscale = 2 z eps.
  const double mean = 0.6, scale = 1.3;
  for (const Family& family :
       {Family{"logistic", logistic, M_PI * M_PI / 3}, Family{"laplace", laplace, 2.0},
        Family{"uniform", uniform, 1.0 / 3}}) {
    std::vector<double> gradients;
    for (std::uint64_t i = 0; i < n; ++i) {
      const double eps = family.noise(random.uniform(i));
      gradients.push_back(2 * (mean + scale * eps) * eps);
    }
    const Average got(gradients);
    report.claim("eq:location-scale",
                 std::string(family.name) + ": pathwise d/dscale E z^2 = 2 scale Var(eps)",
                 2 * scale * family.variance, got.mean, 5 * got.standard_error);
  }

  // [coin]
  // z is 1 with probability p = sigmoid(logit), else 0. Listing both gives the gradient; the score
  // function finds it from samples: dlog q(z)/dlogit = z - p. The path z = [u < p] is flat.
  const double logit = 0.4, p = elbo::sigmoid(logit);
  const auto f = [](double z) { return (z - 0.45) * (z - 0.45); };
  const double listed = p * (1 - p) * (f(1) - f(0));
  std::vector<double> score;
  double largest_path = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const double u = random.uniform(n + i), z = u < p ? 1 : 0;
    score.push_back(f(z) * (z - p));
    const double nudged = u < elbo::sigmoid(logit + 1e-9) ? 1 : 0;
    if (nudged == z) continue;
    largest_path = 1;
  }
  // [coin]
  const Average got(score);
  report.claim("eq:score-function-bernoulli", "a coin: score function = sum over both outcomes",
               listed, got.mean, 5 * got.standard_error);
  report.claim("eq:no-path-bernoulli", "a coin: draws that move when its logit does, by 1e-9", 0,
               largest_path, 0);
  report.result("coin_gradient", listed);
}

}  // namespace chapter
