// The sections of chapter 10, in the order of the page. Each states its claims to the report.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "elbo/dataset.hpp"
#include "elbo/denoiser.hpp"
#include "elbo/report.hpp"
#include "elbo/statistics.hpp"
#include "elbo/threads.hpp"
#include "sampling.hpp"

namespace chapter {

/// What the reader may turn.
struct DiffusionOptions {
  std::string shape = "moons", schedule = "linear", loss = "simple", variance = "beta";
  int steps = 200, epochs = 20, digit_epochs = 24;
  double scale = 0.5;

  elbo::NoiseSchedule noise_schedule() const {
    return schedule == "cosine" ? elbo::NoiseSchedule::cosine(steps)
                                : elbo::NoiseSchedule::linear(steps);
  }
  elbo::ReverseVariance reverse_variance() const {
    return variance == "beta" ? elbo::ReverseVariance::beta : elbo::ReverseVariance::posterior;
  }
};

/// What every section needs.
struct Run {
  elbo::Report& report;
  const DiffusionOptions& options;
  elbo::Threads& threads;
  std::uint64_t seed;
  bool quick;
};

/// The encoder: t layers in one step, one layer back where x_0 is known, and how both schedules
/// end.
void encoder(const Run& run);

/// Every term of the ELBO is a KL of two normals, and that is a weighted error in guessing noise.
void elbo_terms(const Run& run);

/// Samples from N(0.5, scale^2): best decoder, evidence and bound in closed form. What the bound
/// loses, and what more layers give back.
void gaussian(const Run& run);

/// A network on points in the plane, whose true density is known.
void plane(const Run& run);

/// The same network on digits, 14 x 14, by 40 principal components.
void digits(const Run& run, const elbo::Dataset& data);

// --- Shared by the last two, beside sampling.hpp ---

/// The energy distance of two clouds, and its standard error from `blocks` independent parts.
elbo::Average distance(const elbo::Matrix<float>& x, const elbo::Matrix<float>& y, int blocks,
                       elbo::Threads& threads);

/// Trains with a progress line for each epoch; the learning rate falls to 0.
void train_with_progress(const Run& run, const std::string& name, elbo::Denoiser<float>& denoiser,
                         const elbo::Matrix<float>& x, int epochs);

}  // namespace chapter
