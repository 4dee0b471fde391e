// The variational autoencoder (Kingma and Welling 2014; Rezende, Mohamed and Wierstra 2014).
//
//   z ~ N(0, I)                   the prior over codes, d numbers
//   x ~ p(x | decoder(z))         the generative model, parameters theta
//   q(z | x) = N(mean, scale^2)   the encoder, parameters phi
//
// All of theta and phi stand in the one vector `parameters`. The noise is always an argument.
#pragma once

#include <cstdint>
#include <vector>

#include "elbo/distributions.hpp"
#include "elbo/layers.hpp"
#include "elbo/likelihood.hpp"

namespace elbo {

/// The sizes of a Vae, and what its pixels are.
struct VaeOptions {
  Index pixels = 784;                 ///< D
  std::vector<Index> hidden = {400};  ///< encoder widths in order; the decoder has them in reverse
  Index latent = 20;                  ///< d
  Likelihood likelihood = Likelihood::bernoulli;  ///< p(x | decoder(z))
  Activation activation = Activation::relu;       ///< of the hidden layers
  double log_variance = 0.0;  ///< of the pixels: where gaussian_learned starts from
};

/// The two halves of the bound, nats per image, 1 x n each: ELBO = reconstruction - kl.
/// @label eq:elbo-reconstruction-kl
template <class T>
struct ElboTerms {
  RowVector<T> reconstruction;  ///< E_q log p(x | z), by the samples drawn
  RowVector<T> kl;              ///< KL(q(z | x) || p(z)), in closed form where there is one

  /// Their difference, 1 x n.
  RowVector<T> elbo() const { return reconstruction - kl; }
};

/// What is descended: -(reconstruction weight) reconstruction + (kl weight) kl. Both 1: the
/// negative ELBO. The kl weight is the beta of Higgins et al. 2017.
///
/// With free bits F (nats, in spite of the name) kl becomes the sum over the code's dimensions j of
/// max(F, mean KL_j), the mean taken over the images of one call: a dimension pays nothing for its
/// first F nats, so nothing is gained by giving them up (Kingma et al. 2016, appendix C.8). Only
/// Vae has them.
/// @label eq:free-bits
struct ObjectiveWeights {
  double reconstruction = 1.0;  ///< of E_q log p(x | z)
  double kl = 1.0;              ///< of KL(q(z | x) || p(z)): beta
  double free_bits = 0.0;       ///< F, nats for each dimension of the code; 0: none
};

/// Encoder and decoder, a multilayer perceptron each, and the bound that trains them.
template <class T>
class Vae {
 public:
  /// Weights drawn from `seed` as in Mlp::initialise, biases 0. Throws std::invalid_argument for a
  /// width below 1.
  Vae(VaeOptions options, std::uint64_t seed);

  /// q(z | x): x is D x n, the result n normals in d dimensions.
  DiagonalNormal<T> encode(const Matrix<T>& x) const;
  /// eta = decoder(z), z: d x n -> D x n. Logits or means, see likelihood.hpp.
  Matrix<T> decode(const Matrix<T>& z) const;
  /// E[x | z], D x n: the picture without pixel noise.
  Matrix<T> decode_mean(const Matrix<T>& z) const;

  /// log p(x | z) -> 1 x n.
  RowVector<T> log_likelihood(const Matrix<T>& x, const Matrix<T>& z) const;

  /// Both terms with one z per image, z = mean + scale * eps, eps: d x n
  /// (Kingma and Welling 2014, equation 10).
  ElboTerms<T> elbo(const Matrix<T>& x, const Matrix<T>& eps) const;

  /// Memory of one gradient, used again by the next. With L draws an image its columns are draw
  /// after draw.
  struct Workspace {
    /// The encoder's layers' outputs, the last the mean stacked on the log-variance, 2d x n.
    std::vector<Matrix<T>> encoder;
    std::vector<Matrix<T>> decoder;         ///< its layers' outputs, the last D x (n L)
    std::vector<Matrix<T>> encoder_errors;  ///< dloss/d(outputs of the encoder, before activation)
    std::vector<Matrix<T>> decoder_errors;  ///< the same for the decoder
    Matrix<T> scale;                        ///< of q(z | x), d x n
    Matrix<T> z;                            ///< mean + scale * eps, d x (n L)
    Matrix<T> dz;                           ///< dloss/dz, d x (n L)
    Matrix<T> through_decoder;              ///< the part of dz that comes from log p(x | z)
    Matrix<T> x_copies;                     ///< x once a draw, D x (n L); only where L > 1
    Matrix<T> d_log_variance;               ///< dloss/d(the pixels' log-variance), 1 x (n L)
  };

  /// One pass forward and one back, for L draws an image: eps is d x (n L), draw after draw.
  /// Gives both terms of the ELBO, averaged over the draws, and leaves in `w` what the gradient of
  /// the objective, summed over the batch, is made of.
  /// @label eq:vae-gradient
  ElboTerms<T> elbo_errors(const Matrix<T>& x, const Matrix<T>& eps,
                           const ObjectiveWeights& weights, Workspace& w) const;

  /// The same for the bound of k = eps.cols() / n importance samples (Burda, Grosse and
  /// Salakhutdinov 2016, equation 14): every draw counts by its normalised weight. `kl` is then
  /// what is missing from the weighted reconstruction to the bound.
  /// @label eq:iwae-gradient
  ElboTerms<T> iwae_errors(const Matrix<T>& x, const Matrix<T>& eps, Workspace& w) const;

  /// The gradients that `w` holds, layer by layer. They refer to x and w.
  std::vector<LayerGradient<T>> gradients(const Matrix<T>& x, const Workspace& w) const;

  /// elbo_errors, and the gradient ADDED to d_parameters.
  ElboTerms<T> elbo_gradient(const Matrix<T>& x, const Matrix<T>& eps,
                             const ObjectiveWeights& weights, Vector<T>& d_parameters,
                             Workspace& w) const;

  /// log p(x, z) - log q(z | x), the logarithm of an importance weight, for z = rsample(eps) from
  /// q = encode(x). -> 1 x n.
  /// @label eq:importance-weight
  RowVector<T> log_weight(const Matrix<T>& x, const DiagonalNormal<T>& q,
                          const Matrix<T>& eps) const;

  /// log p(x, z) = log p(x | z) + log p(z), and dz = its derivative by the code, d x n: what anyone
  /// needs who looks for z without an encoder. x: D x n, z: d x n -> 1 x n.
  /// @label eq:vae-log-joint-gradient
  RowVector<T> log_joint_gradient(const Matrix<T>& x, const Matrix<T>& z, Matrix<T>& dz) const;

  /// log of the pixels' variance; only gaussian_learned uses and moves it.
  T log_variance() const;

  /// As it was made.
  const VaeOptions& options() const { return options_; }
  /// Which layer has which of the `parameters`.
  const Layout& layout() const { return layout_; }
  /// d, the rows of a code and of its noise.
  Index latent() const { return options_.latent; }

  /// theta and phi.
  Vector<T> parameters;

 private:
  RowVector<T> forward(const Matrix<T>& x, const Matrix<T>& eps, Workspace& w) const;
  void backward(const Matrix<T>& eps, Workspace& w) const;

  VaeOptions options_;
  Layout layout_;
  Mlp encoder_, decoder_;
  Slice log_variance_;
};

}  // namespace elbo
