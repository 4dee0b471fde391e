// The sections of chapter 4, in the order of the page. Each states its claims to the report.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "elbo/autoencoder.hpp"
#include "elbo/dataset.hpp"
#include "elbo/report.hpp"
#include "elbo/threads.hpp"
#include "elbo/trainer.hpp"

namespace chapter {

/// What every section needs. Pictures are columns, values 0 .. 1.
struct Run {
  elbo::Report& report;
  const elbo::Dataset& data;
  const elbo::Matrix<float>&train, &test;
  elbo::Threads& threads;
  std::vector<elbo::Index> hidden;  // widths of every encoder; the decoders' in reverse
  int latent, epochs, batch;
  double learning_rate, noise_scale;
  std::uint64_t seed;
  bool quick;

  /// Digits, and enough of them: what training reaches on them is claimed. On the reader's own
  /// pictures it is only reported.
  bool on_digits() const { return data.name == "digits" || data.name == "mnist"; }
};

/// The non-linear autoencoders of the first section: 2 codes wide, and --latent wide.
struct Autoencoders {
  elbo::Autoencoder<float> plane, narrow;
};
/// PCA, the linear autoencoder and the non-linear one at widths 2, --latent and 32.
Autoencoders compare_widths(const Run& run);

/// An autoencoder that gets noisy pictures and must give clean ones.
void denoise(const Run& run);

/// Where codes are drawn and what they decode to: interpolation, and holes beside a VAE's.
/// Gives back the VAE, --latent wide.
elbo::Vae<float> look_for_holes(const Run& run, const Autoencoders& autoencoders);

/// What a model of digits says of pictures that are none: by its error, by its ELBO. In a quick run
/// these two are asked; otherwise two new ones, which are never shown a one.
void detect_anomalies(const Run& run, const elbo::Autoencoder<float>& autoencoder,
                      const elbo::Vae<float>& vae);

/// More codes than pixels: everything comes back, and nothing was learned.
void overcomplete(const Run& run);

// --- models.cpp: what several sections use ---

/// A new autoencoder of `latent` codes, trained on `pictures`. No hidden widths: a linear one.
elbo::Autoencoder<float> fit_autoencoder(const Run& run, const std::string& name,
                                         const elbo::Matrix<float>& pictures,
                                         const std::vector<elbo::Index>& hidden, elbo::Index latent,
                                         double noise_scale = 0);

/// A VAE of the same widths, steps and learning rate.
elbo::Vae<float> fit_vae(const Run& run, const std::string& name,
                         const elbo::Matrix<float>& pictures, elbo::Index latent,
                         elbo::Likelihood likelihood = elbo::Likelihood::bernoulli);

/// Squared distance from each picture to the nearest of `among`. -> 1 x n.
elbo::RowVector<float> nearest(const Run& run, const elbo::Matrix<float>& pictures,
                               const elbo::Matrix<float>& among);

/// The row as numbers for a claim or a table.
std::vector<double> numbers(const elbo::RowVector<float>& row);

/// n codes from the normal that has the mean and covariance of `codes`.
elbo::Matrix<float> fitted_normal(const elbo::Matrix<float>& codes, const elbo::Matrix<float>& eps);

}  // namespace chapter
