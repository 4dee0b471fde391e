// Chapter 10, section 4: how a network on points in the plane is judged, and what is kept of it.
#pragma once

#include "sections.hpp"
#include "shapes.hpp"

namespace chapter {

/// Sets of points of one seed, each drawn anew.
enum Set : std::uint64_t { training = 1, testing, fresh, fresh_too };

/// What every network is measured with.
struct Judge {
  const Run& run;
  Shape shape;
  elbo::Matrix<float> test, data;    // for the bound, for the distances
  elbo::RowVector<double> log_prob;  // of the test points, by the true density

  /// With n test points, and m for distances.
  Judge(const Run& run, elbo::Index n, elbo::Index m);

  /// Nats between the bound and the true log p, paired point by point.
  elbo::Average shortfall(const Bound& bound) const;
  /// To the data.
  elbo::Average distance_to(const elbo::Matrix<float>& samples) const;
};

/// One network's bound and samples, by all layers of its chain.
struct Verdict {
  Bound bound;
  elbo::Average gap, distance;

  Verdict(const Judge& judge, const elbo::Denoiser<float>& denoiser);
  void report(const Run& run, const std::string& name) const;
};

/// The bound as chapter 2 defines it: draw codes x_1 .. x_T from the encoder, layer by layer, and
/// average log p(x_0 .. x_T) - log q(x_1 .. x_T | x_0). No closed form of a KL, no noise weights.
elbo::Average bound_by_paths(const Run& run, const elbo::Denoiser<float>& trained,
                             const elbo::Matrix<double>& x0);

/// The same network walks back in fewer, larger steps: another hierarchical VAE with the same
/// decoder network, its bound and its samples.
void fewer_steps(const Judge& judge, const elbo::Denoiser<float>& denoiser, const Verdict& all);

/// Forty frames of points, drowned and walked back.
void write_frames(const Judge& judge, const elbo::Denoiser<float>& denoiser);

}  // namespace chapter
