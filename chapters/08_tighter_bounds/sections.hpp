// The sections of chapter 8, in the order of the page. Each states its claims to the report.
#pragma once

#include <cstdint>
#include <string>

#include "chapter_options.hpp"
#include "elbo/dataset.hpp"
#include "elbo/random.hpp"
#include "elbo/report.hpp"
#include "elbo/threads.hpp"
#include "elbo/trainer.hpp"

namespace chapter {

/// What every section needs.
struct Run {
  elbo::Report& report;
  const elbo::Images &train, &test;  // at half the width and height, black or white
  elbo::Threads& threads;
  const ChapterOptions& options;
  bool as_printed;  // the book's data and settings: then what training reaches is claimed

  std::uint64_t seed() const { return options.options.common.seed; }
  bool quick() const { return options.options.common.quick; }
};

/// Every square of 2 x 2 pixels becomes one, their mean. An odd row or column is left out.
elbo::Images halved(const elbo::Images& images);

/// Every pixel white with the probability that its grey level is, drawn once.
elbo::Images binarized(const elbo::Images& grey, const elbo::Random& random);

/// Trains a VAE with Adam, the learning rate falling along half a cosine.
elbo::Vae<float> fit(const Run& run, const elbo::VaeOptions& model, const elbo::Images& images,
                     elbo::TrainingOptions training);

/// One VAE with two codes: the bounds of 1 to 500 samples rise to log p(x), by quadrature.
void bounds(const Run& run);

/// The signal-to-noise ratio of the k-sample bound's gradient: what a tighter bound costs the
/// encoder.
void signal_to_noise(const Run& run);

/// Training with k samples: test log p(x), and how many dimensions of the code are in use.
void training_with_k(const Run& run);

/// The weight of the KL term, swept: rate against distortion.
void rate_distortion(const Run& run);

/// Dimensions that carry nothing; two remedies, at equal budget.
void collapse(const Run& run);

/// Collapse where inference is exact: it is in the likelihood, not in the bound.
void linear_collapse(const Run& run);

}  // namespace chapter
