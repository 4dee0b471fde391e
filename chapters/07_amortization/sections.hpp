// The sections of chapter 7, in the order of the page. Each states its claims to the report.
#pragma once

#include <cstdint>
#include <vector>

#include "elbo/dataset.hpp"
#include "elbo/report.hpp"
#include "elbo/threads.hpp"
#include "elbo/vae.hpp"
#include "elbo/variational.hpp"

namespace chapter {

/// Everything that can be turned.
struct ChapterOptions {
  double overlap = 0.8;  // of the two directions of the linear model
  int seen_data = 3;     // what its encoder has seen
  int train = 3000, epochs = 80, hidden = 300, images = 256, refine = 20;
};

/// What every section needs.
struct Run {
  elbo::Report& report;
  elbo::Threads& threads;
  std::uint64_t seed;
  bool quick;
};

/// Where everything is known: each gap of the linear-Gaussian model in closed form.
void linear_gaussian(const Run& run, const ChapterOptions& options);

/// Hamiltonian Monte Carlo where its answer is known: leapfrog, Metropolis, draws that depend on
/// each other.
void chains(const Run& run);

/// One trained model with a code of two numbers, images it has seen and images it has not, all
/// black and white, so that the Bernoulli density is a likelihood.
struct Trained {
  elbo::Vae<float> vae;
  elbo::Images train;
  elbo::Matrix<float> seen, unseen;  // the first of train, and of the test set: D x n, 0 or 1
  bool digits;                       // enough of them for claims about what training reaches
};
Trained train_model(const Run& run, const ChapterOptions& options, const elbo::Dataset& data);

/// What each inference says of the unseen images.
struct Answers {
  elbo::RowVector<double> log_evidence;                             // exact
  elbo::Matrix<float> encoder, refined, per_datum, full_per_datum;  // numbers of a normal, 4 or 5
};

/// Four inferences, the gap of each split in two, on images seen and unseen; what one image costs.
Answers four_inferences(const Run& run, const ChapterOptions& options, const Trained& trained);

/// Amortised or not, mean-field or not: four answers to two questions.
void two_by_two(const Run& run, const Trained& trained, const Answers& answers);

/// log p(x) by drawing from q: what an encoder that looks in the wrong place costs.
void importance(const Run& run, const Trained& trained, const Answers& answers);

/// Two images' posteriors: the exact one, four q's, and a Markov chain.
void two_posteriors(const Run& run, const Trained& trained, const Answers& answers);

}  // namespace chapter
