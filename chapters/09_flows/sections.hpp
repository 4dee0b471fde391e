// The sections of chapter 9, in the order of the page. Each states its claims to the report.
#pragma once

#include <cstdint>

#include "elbo/dataset.hpp"
#include "elbo/report.hpp"
#include "elbo/threads.hpp"

namespace chapter {

/// What every section needs, and what the reader may turn.
struct Run {
  elbo::Report& report;
  elbo::Threads& threads;
  std::uint64_t seed;
  bool quick;
  int layers;                              // most, of a planar flow
  int steps, flow_hidden, latent, epochs;  // of the VAE with a flow
  int importance_samples;                  // K
};

/// log|det J| of both kinds of flow against difference quotients; who depends on whom; gradients.
void change_of_variables(const Run& run);

/// Two moons by planar flows of 1, 4 and 16 layers: the free energy, and the KL that is left.
void planar(const Run& run);

/// N(0, I) pushed to a ring: why p(z) may be a plain normal, and what that costs.
void ring(const Run& run);

/// Digits: a mean-field posterior beside an inverse autoregressive flow.
void digits(const Run& run, const elbo::Dataset& data);

/// The same with two codes, where both posteriors can be seen and measured whole.
void code_plane(const Run& run, const elbo::Dataset& data);

}  // namespace chapter
