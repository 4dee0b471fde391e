// The network inside a diffusion: it is shown a drowned sample, told how deep, and guesses the
// noise.
//
// One network serves all T layers of the decoder. What it is told is log_snr, the logarithm of the
// signal-to-noise ratio, not the number of a layer; so a chain with other layers can use it too.
#pragma once

#include <cstdint>
#include <vector>

#include "elbo/diffusion.hpp"
#include "elbo/layers.hpp"
#include "elbo/vae.hpp"

namespace elbo {

/// sin and cos of log_snr times pi/32, pi/16, ..., one column a sample: `features` x n. The slowest
/// pair makes half a turn over [-16, 16], where log_snr is clamped; the others tell the near apart
/// (Vaswani et al. 2017, section 3.5; Ho, Jain and Abbeel 2020, appendix B).
/// @label eq:time-embedding
template <class T>
Matrix<T> time_embedding(const RowVector<T>& log_snr, Index features);

/// What is descended: |eps - eps_hat|^2 as it is, or with the weights that the ELBO gives it.
enum class NoiseLoss { simple, elbo };

/// The sizes of a Denoiser, and what it descends.
struct DenoiserOptions {
  Index dimension = 2;                          ///< D
  std::vector<Index> hidden = {128, 128, 128};  ///< widths, each with relu
  NoiseLoss loss = NoiseLoss::simple;           ///< what is descended
};

/// For Trainer it is a model like the VAE, whose noise has D + 1 rows: eps, and one that picks t.
template <class T>
class Denoiser {
 public:
  /// Weights drawn from `seed` as in Mlp::initialise, biases 0. It is trained on the layers of
  /// `diffusion`.
  Denoiser(DenoiserOptions options, Diffusion diffusion, std::uint64_t seed);

  /// eps_hat = sqrt(1 - alpha_bar) x_t + sqrt(alpha_bar) network(x_t, log_snr).
  /// A network that says 0 is the exact answer for samples from N(0, I); it learns the difference
  /// (the v of Salimans and Ho 2022, section 4, with its sign turned). xt: D x n, log_snr: 1 x n.
  /// @label eq:noise-guess
  Matrix<T> predict_noise(const Matrix<T>& xt, const RowVector<T>& log_snr) const;
  /// All columns from layer t of a diffusion, not necessarily the one trained with.
  Matrix<T> predict_noise(const Matrix<T>& xt, const NoiseSchedule& schedule, int t) const;

  /// Memory of one gradient, used again by the next.
  struct Workspace {
    std::vector<Matrix<T>> outputs;  ///< of the network's layers, the last D x n
    std::vector<Matrix<T>> errors;   ///< dloss/d(those, before activation)
    Matrix<T> input;                 ///< xt stacked on its time embedding
    Matrix<T> xt;                    ///< the drowned samples, D x n
  };

  /// The steps that the last row of the noise picks: 1 + floor(T Phi(u)), uniform on 1 .. T.
  std::vector<int> steps(const RowVector<T>& u) const;

  /// One draw of (t, eps) a sample, x: D x n, noise: (D + 1) x n. Gives an unbiased estimate of the
  /// ELBO's two halves in nats, L_T and T times the term of step t (which is the reconstruction if
  /// t = 1, else part of the KL), and leaves in `w` what the gradient of the loss is made of:
  /// |eps - eps_hat|^2, or with NoiseLoss::elbo, T noise_weight(t) times that, and then times the
  /// weight of its half (reconstruction for t = 1, kl for the rest); NoiseLoss::simple has none.
  /// @label eq:denoiser-gradient
  ElboTerms<T> elbo_errors(const Matrix<T>& x, const Matrix<T>& noise,
                           const ObjectiveWeights& weights, Workspace& w) const;
  /// The gradients that `w` holds, layer by layer. They refer to w.
  std::vector<LayerGradient<T>> gradients(const Matrix<T>& x, const Workspace& w) const;

  /// Rows of noise.
  Index latent() const { return options_.dimension + 1; }
  /// As it was made.
  const DenoiserOptions& options() const { return options_; }
  /// The chain that it is trained on.
  const Diffusion& diffusion() const { return diffusion_; }

  /// The network's weights and biases.
  Vector<T> parameters;

 private:
  static constexpr Index time_features = 12;

  DenoiserOptions options_;
  Diffusion diffusion_;
  Layout layout_;
  Mlp network_;
};

}  // namespace elbo
