// Chapter 10, section 2: what each layer costs. A KL between two normals of fixed variances is a
// squared distance of their means, and the distance of the means is an error in guessing the noise.
#include <algorithm>
#include <cmath>

#include "elbo/random.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::DiagonalNormal;
using elbo::Diffusion;
using elbo::Index;
using elbo::Matrix;
using elbo::NoiseSchedule;
using elbo::RowVector;

// The worst layer of a chain, relative to the largest term there.
struct Worst {
  double kl = 0, reconstruction = 0;
};

// [term]
// For any guess of the noise, good or bad: the term by its definition, a KL of two normals (or, for
// t = 1, minus a log density), and by noise_weight |eps - eps_hat|^2 + constant.
Worst compare_terms(const Diffusion& chain, std::uint64_t seed) {
  const elbo::Random random(seed, elbo::Stream::play, 10);
  const Index dimension = 3, n = 4;
  const Matrix<double> x0 = random.normal<double>(dimension, n);
  Worst worst;
  for (int t = 1; t <= chain.steps(); ++t) {
    const auto first = static_cast<std::uint64_t>(t) * 1000;
    const Matrix<double> eps = random.normal<double>(dimension, n, first);
    const Matrix<double> eps_hat = random.normal<double>(dimension, n, first + 500);
    const Matrix<double> xt = chain.schedule().forward(x0, t).rsample(eps);
    const DiagonalNormal<double> p = chain.reverse(xt, eps_hat, t);
    const RowVector<double> by_noise = chain.step_loss(eps, eps_hat, t);
    RowVector<double> by_definition;
    if (t == 1) {
      by_definition = -p.log_prob(x0);
    } else {
      by_definition = kl_divergence(chain.schedule().posterior(xt, x0, t), p);
    }
    const double error = (by_definition - by_noise).cwiseAbs().maxCoeff() /
                         std::max(1.0, by_noise.cwiseAbs().maxCoeff());
    double& of_kind = t == 1 ? worst.reconstruction : worst.kl;
    of_kind = std::max(of_kind, error);
  }
  return worst;
}
// [term]

}  // namespace

void elbo_terms(const Run& run) {
  Worst worst;
  for (const auto& schedule : {NoiseSchedule::linear(1000), NoiseSchedule::cosine(1000)}) {
    for (const auto kind : {elbo::ReverseVariance::posterior, elbo::ReverseVariance::beta}) {
      const Worst here = compare_terms(Diffusion(schedule, kind), run.seed);
      worst = {std::max(worst.kl, here.kl), std::max(worst.reconstruction, here.reconstruction)};
    }
  }
  // Fails for a wrong weight or constant in any of 4 x 1000 layers. The tolerance is rounding: the
  // weights reach a thousand, and the KL subtracts means that agree in most of their digits.
  run.report.claim(
      "eq:noise-prediction",
      "KL(q(x_t-1 | x_t, x_0) || p) = weight |eps - eps_hat|^2 + constant, worst layer", 0,
      worst.kl, 1e-9);
  run.report.claim("eq:noise-prediction",
                   "-log p(x_0 | x_1) = weight |eps - eps_hat|^2 + constant, worst chain", 0,
                   worst.reconstruction, 1e-9);
}

}  // namespace chapter
