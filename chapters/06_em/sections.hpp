// The sections of chapter 6, in the order of the page. Each states its claims to the report.
#pragma once

#include <cstdint>

#include "cloud.hpp"
#include "elbo/mixture.hpp"
#include "elbo/random.hpp"
#include "elbo/report.hpp"

namespace chapter {

/// sum_i log p(x_i), added up from the textbook density: the oracle of both mixture sections.
double log_likelihood(const elbo::Mixture<double>& model, const elbo::Matrix<double>& x);

/// EM on a mixture: the bound touches after every E-step and never falls.
void mixture_em(elbo::Report& report, const Cloud& cloud, std::uint64_t seed);

/// What may be weakened, and what it costs: generalised, variational and stochastic EM.
void variants(elbo::Report& report, const Cloud& cloud, std::uint64_t seed);

struct PpcaOptions {
  int dimension = 10, latent = 3;
  double noise_scale = 0.5;
};

/// Probabilistic PCA three ways: closed form, EM, and a linear VAE trained by gradients.
void three_ways(elbo::Report& report, const PpcaOptions& options, std::uint64_t seed, bool quick);

}  // namespace chapter
