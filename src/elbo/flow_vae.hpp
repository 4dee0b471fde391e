// A VAE whose posterior is not a normal: the encoder's normal, pushed through a flow (Rezende and
// Mohamed 2015; Kingma et al. 2016).
//
//   z_0 = mean(x) + scale(x) eps          the encoder's normal, as in the VAE
//   z = flow(z_0, h(x))                   and h, the context, from the same encoder
//   log q(z | x) = log N(z_0; mean, scale^2) - log|det dz/dz_0|
//
// The KL term has no closed form any more: like the reconstruction, it is averaged over the draws.
#pragma once

#include <cstdint>
#include <vector>

#include "elbo/autoregressive_flow.hpp"
#include "elbo/vae.hpp"

namespace elbo {

/// The sizes of a FlowVae.
struct FlowVaeOptions {
  Index pixels = 784;                 ///< D
  std::vector<Index> hidden = {400};  ///< encoder widths in order; the decoder has them in reverse
  Index latent = 20;                  ///< d
  Index context = 20;  ///< length of h, what the encoder tells every step of the flow
  std::vector<Index> flow_hidden = {100};  ///< widths of the MADE in every step
  Index steps = 2;  ///< of the flow; 0 leaves the VAE with a mean-field posterior
  Activation activation = Activation::relu;  ///< of the encoder and decoder; the flow has tanh
};

/// The pixels are coins (Likelihood::bernoulli), the prior is N(0, I).
template <class T>
class FlowVae {
 public:
  /// Weights drawn from `seed` as in Mlp::initialise and AutoregressiveFlow::initialise.
  FlowVae(FlowVaeOptions options, std::uint64_t seed);

  /// The encoder's answer for x: mean, log-variance and context, (2d + context) x n.
  Matrix<T> encode(const Matrix<T>& x) const;
  /// Codes from q(z | x) as a function of the noise, given encode(x): d x n; and log q(z | x).
  /// @label eq:flow-log-prob
  Matrix<T> rsample(const Matrix<T>& code, const Matrix<T>& eps, RowVector<T>& log_q) const;
  /// log q(z | x) of any z, by running the flow backwards: 1 x n.
  RowVector<T> log_prob(const Matrix<T>& code, const Matrix<T>& z) const;
  /// Logits of the pixels, D x n.
  Matrix<T> decode(const Matrix<T>& z) const;
  /// log p(x, z) - log q(z | x) for z = rsample(code, eps), 1 x n.
  RowVector<T> log_weight(const Matrix<T>& x, const Matrix<T>& code, const Matrix<T>& eps) const;

  /// Memory of one gradient, used again by the next. With L draws an image its columns are draw
  /// after draw.
  struct Workspace {
    std::vector<Matrix<T>> encoder;         ///< its layers' outputs, the last (2d + context) x n
    std::vector<Matrix<T>> decoder;         ///< its layers' outputs, the last D x (n L)
    std::vector<Matrix<T>> encoder_errors;  ///< dloss/d(outputs of the encoder, before activation)
    std::vector<Matrix<T>> decoder_errors;  ///< the same for the decoder
    typename AutoregressiveFlow::Memory<T> flow;  ///< what its pass back needs
    Matrix<T> code;             ///< the encoder's answer once a draw, (2d + context) x (n L)
    Matrix<T> scale;            ///< of the normal before the flow, d x (n L)
    Matrix<T> z;                ///< the codes after the flow, d x (n L)
    Matrix<T> dz;               ///< dloss/dz, then dloss/dz_0, d x (n L)
    Matrix<T> d_context;        ///< dloss/dh, context x (n L)
    Matrix<T> through_decoder;  ///< the part of dloss/dz that comes from log p(x | z)
    Matrix<T> x_copies;         ///< x once a draw, D x (n L); only where L > 1
    Matrix<T> unused;           ///< the derivative by a log-variance that coins do not have
    RowVector<T> log_prior;     ///< log p(z), 1 x (n L)
    RowVector<T> log_q;         ///< log q(z | x), 1 x (n L)
  };

  /// One pass forward and one back, for L draws an image: eps is d x (n L), draw after draw. Gives
  /// both terms of the ELBO, averaged over the draws, and leaves in `w` what the gradient of
  /// -(reconstruction weight) log p(x | z) + (kl weight) [log q(z | x) - log p(z)] is made of.
  /// @label eq:flow-vae-gradient
  ElboTerms<T> elbo_errors(const Matrix<T>& x, const Matrix<T>& eps,
                           const ObjectiveWeights& weights, Workspace& w) const;
  /// The same for the bound of k importance samples: see Vae.
  ElboTerms<T> iwae_errors(const Matrix<T>& x, const Matrix<T>& eps, Workspace& w) const;
  /// The gradients that `w` holds, layer by layer. They refer to x and w.
  std::vector<LayerGradient<T>> gradients(const Matrix<T>& x, const Workspace& w) const;

  /// As it was made.
  const FlowVaeOptions& options() const { return options_; }
  /// Which layer has which of the `parameters`.
  const Layout& layout() const { return layout_; }
  /// d, the rows of a code and of its noise.
  Index latent() const { return options_.latent; }

  /// The encoder's, the flow's and the decoder's.
  Vector<T> parameters;

 private:
  RowVector<T> forward(const Matrix<T>& x, const Matrix<T>& eps, Workspace& w) const;
  void backward(const Matrix<T>& eps, const RowVector<T>& rec_weight, const RowVector<T>& kl_weight,
                Workspace& w) const;

  FlowVaeOptions options_;
  Layout layout_;
  Mlp encoder_;
  AutoregressiveFlow flow_;
  Mlp decoder_;
};

}  // namespace elbo
