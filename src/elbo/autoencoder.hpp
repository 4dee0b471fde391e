// The autoencoder: a network that must repeat what it saw after squeezing it through few numbers
// (Rumelhart, Hinton and Williams 1986; Hinton and Salakhutdinov 2006).
//
//   z = encoder(x)                 the code, d numbers
//   reconstruction = decoder(z)
//   squared error = |x - reconstruction|^2, summed over pixels, averaged over images
//
// It has no prior and no density: codes are points, and what lies between them is nobody's concern.
// With no hidden widths it is linear and spans what PCA spans (Baldi and Hornik 1989).
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "elbo/adam.hpp"
#include "elbo/data_source.hpp"
#include "elbo/layers.hpp"
#include "elbo/threads.hpp"

namespace elbo {

/// The sizes of an Autoencoder.
struct AutoencoderOptions {
  Index pixels = 784;                 ///< D
  std::vector<Index> hidden = {400};  ///< encoder widths in order; the decoder has them in reverse
  Index latent = 20;                  ///< d
  Activation activation = Activation::relu;  ///< of the hidden layers
};

/// An encoder and a decoder, trained together on the squared error (see `train`).
template <class T>
class Autoencoder {
 public:
  /// Weights drawn from `seed` as in Mlp::initialise, biases 0. Throws std::invalid_argument for a
  /// width below 1.
  Autoencoder(AutoencoderOptions options, std::uint64_t seed);

  /// z: x is D x n -> d x n.
  Matrix<T> encode(const Matrix<T>& x) const;
  /// z: d x n -> D x n. The output is linear: a pixel may leave [0, 1].
  Matrix<T> decode(const Matrix<T>& z) const;
  /// decode(encode(x)), D x n.
  Matrix<T> reconstruct(const Matrix<T>& x) const { return decode(encode(x)); }

  /// |x - decode(encode(x))|^2 for each image, summed over its pixels. -> 1 x n.
  /// @label eq:autoencoder-squared-error
  RowVector<T> squared_error(const Matrix<T>& x) const;

  /// Memory of one gradient, used again by the next.
  struct Workspace {
    std::vector<Matrix<T>> encoder;         ///< its layers' outputs, the last z, d x n
    std::vector<Matrix<T>> decoder;         ///< its layers' outputs, the last D x n
    std::vector<Matrix<T>> encoder_errors;  ///< dloss/d(outputs of the encoder, before activation)
    std::vector<Matrix<T>> decoder_errors;  ///< the same for the decoder
  };

  /// One pass forward and one back for the loss sum |target - decode(encode(input))|^2, with input
  /// and target both D x n: the same picture, or a spoiled one and the one it was (Vincent et al.
  /// 2008). Gives the squared error of each image and leaves in `w` what the gradient is made of:
  /// dloss/dreconstruction = 2 (reconstruction - target), and so on down.
  /// @label eq:autoencoder-gradient
  RowVector<T> errors(const Matrix<T>& input, const Matrix<T>& target, Workspace& w) const;

  /// The gradients that `w` holds, layer by layer. They refer to input and w.
  std::vector<LayerGradient<T>> gradients(const Matrix<T>& input, const Workspace& w) const;

  /// As it was made.
  const AutoencoderOptions& options() const { return options_; }
  /// Which layer has which of the `parameters`.
  const Layout& layout() const { return layout_; }
  /// d, the rows of a code.
  Index latent() const { return options_.latent; }

  /// The encoder's and the decoder's.
  Vector<T> parameters;

 private:
  AutoencoderOptions options_;
  Layout layout_;
  Mlp encoder_, decoder_;
};

/// How an Autoencoder is trained.
struct AutoencoderTraining {
  int epochs = 10;    ///< times that every image is seen
  Index batch = 128;  ///< images a step
  /// Scale of the normal noise added to the input, fresh each epoch; the target stays clean.
  double noise_scale = 0;
  std::uint64_t seed = 1;  ///< of the order of the images, and of that noise
};

/// One call per epoch: its number 1, 2, ..., and the squared error an image while it ran.
using OnAutoencoderEpoch = std::function<void(int epoch, double squared_error)>;

/// Adam on mini-batches, the learning rate falling to 0 along half a cosine. The same numbers on
/// any number of threads: shards of fixed width, each layer summed over them in their order.
/// Throws std::runtime_error when the loss is no longer finite.
template <class T>
void train(Autoencoder<T>& model, Adam<T>& adam, const DataSource<T>& data,
           const AutoencoderTraining& options, Threads& threads,
           const OnAutoencoderEpoch& on_epoch = {});

}  // namespace elbo
