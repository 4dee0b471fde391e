// The way back from noise, and the bound by one draw for every layer.
#pragma once

#include <cstdint>
#include <vector>

#include "elbo/denoiser.hpp"
#include "elbo/statistics.hpp"
#include "elbo/threads.hpp"

namespace chapter {

/// From noise to samples: x_T ~ N(0, I), then x_{t-1} ~ p(x_{t-1} | x_t) down to x_0. What is given
/// back are the n points at the times `shown`, from late to early.
struct Ancestral {
  const elbo::Denoiser<float>& denoiser;
  const elbo::Diffusion& chain;
  std::uint64_t seed;
  bool last_draw = true;  // false: x_0 is the mean of its normal

  std::vector<elbo::Matrix<float>> paths(elbo::Index n, const std::vector<int>& shown,
                                         elbo::Threads& threads) const;
  elbo::Matrix<float> sample(elbo::Index n, elbo::Threads& threads) const {
    return paths(n, {0}, threads).front();
  }
};

/// The bound of each sample, with one draw of x_t for every t, and the mean of every term.
struct Bound {
  std::vector<double> elbo;  // nats, one a sample
  std::vector<double> term;  // term[t - 1] = L_{t-1}, the last L_T
  elbo::Average average() const { return elbo::Average(elbo); }
};
Bound bound_of(const elbo::Denoiser<float>& denoiser, const elbo::Diffusion& chain,
               const elbo::Matrix<float>& x, std::uint64_t seed, elbo::Threads& threads);

}  // namespace chapter
