// The sections of chapter 5, in the order of the page. Each states its claims to the report.
#pragma once

#include <cstdint>
#include <string>

#include "elbo/dataset.hpp"
#include "elbo/report.hpp"
#include "elbo/threads.hpp"
#include "elbo/trainer.hpp"

namespace chapter {

/// What every section needs.
struct Run {
  elbo::Report& report;
  const elbo::Dataset& data;
  elbo::Threads& threads;
  std::uint64_t seed;
  bool quick;

  /// Digits, and enough of them: what training reaches on them is claimed. On the reader's own
  /// pictures it is only reported.
  bool on_digits() const {
    return data.name == "digits" || data.name == "mnist" || data.name == "binarized-mnist";
  }
};

/// The gradient and the likelihoods, against oracles that share no code with them.
void check_by_hand(const Run& run);

/// Sheets of reconstructions, samples and interpolations. Decoder means, not draws of pixels.
void draw_pictures(const Run& run, const elbo::Vae<float>& vae);

/// A VAE with two codes, which can be seen whole: the scatter of the codes as training goes, the
/// grid of decoded codes, the evidence by quadrature, the KL term taken apart.
void plane(const Run& run);

/// In the plane of two codes: the mean KL term = mutual information + KL(aggregate || prior), where
/// the aggregate is the mixture of all q(z | x) (Hoffman and Johnson 2016). Closed form, sampling
/// and quadrature, one for each of the three.
void take_kl_apart(const Run& run, const elbo::Vae<float>& vae);

/// Why the decoder may take its pixels for independent: the code carries what they share.
void covariance(const Run& run, const elbo::Vae<float>& vae);

/// Three objectives, three latent spaces: reconstruction only, KL only, both.
void three_spaces(const Run& run);

/// A Gaussian decoder: its variance fixed at 1, then learned.
void gaussian_decoders(const Run& run);

/// The callback, and then a progress line for each of so many epochs.
elbo::OnEpoch with_progress(const Run& run, const std::string& name, int epochs,
                            const elbo::OnEpoch& on_epoch);

/// Trains with Adam and a progress line for each epoch.
void train_with_progress(const Run& run, const std::string& name, elbo::Vae<float>& vae,
                         const elbo::Images& images, const elbo::TrainingOptions& options,
                         const elbo::OnEpoch& on_epoch = {}, elbo::AdamOptions adam = {});

}  // namespace chapter
