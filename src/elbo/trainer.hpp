// Mini-batch training that gives the same numbers on any number of threads.
//
// A step has two halves. First every shard of the mini-batch, of a fixed width, goes forward and
// back through the network. Then every piece of the parameters, of a fixed size too, gets its
// gradient, summed over the shards in their order, and moves at once, while that gradient is still
// in the cache. Threads change who computes what, never what is computed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "elbo/adam.hpp"
#include "elbo/data_source.hpp"
#include "elbo/flow_vae.hpp"
#include "elbo/random.hpp"
#include "elbo/threads.hpp"
#include "elbo/vae.hpp"

namespace elbo {

/// What is climbed: the ELBO averaged over L draws, or the bound of k = L importance samples.
enum class Bound { elbo, iwae };

/// The learning rate's course over all steps: as it is, or down to 0 along half a cosine
/// (Loshchilov and Hutter 2017, equation 5, without restarts).
enum class Schedule { constant, cosine };

/// How long, on what, and towards what a model is trained.
struct TrainingOptions {
  int epochs = 10;                ///< times that every sample is seen
  Index batch = 128;              ///< samples a step
  int samples = 1;                ///< L, draws of eps per image and step; k for the iwae bound
  ObjectiveWeights weights = {};  ///< of the ELBO's two halves; the iwae bound has none
  std::uint64_t seed = 1;         ///< of the samples' order, and of eps
  Bound bound = Bound::elbo;      ///< what is climbed
  Schedule schedule = Schedule::constant;  ///< the learning rate's course
  /// KL warm-up: over the steps of so many epochs weights.kl grows from 0 in equal steps, then
  /// stays (Bowman et al. 2016, section 3.1; Sonderby et al. 2016). The iwae bound has
  /// no such weight.
  /// @label eq:kl-warm-up
  double warm_up = 0;
};

/// Where training stands: what a checkpoint must hold besides the parameters and Adam's means. The
/// random numbers have no state of their own; they are a function of the seed and of this.
struct Progress {
  int epochs = 0;             ///< finished ones
  std::size_t position = 0;   ///< samples seen of the next
  long steps = 0;             ///< mini-batches, of all epochs
  double reconstruction = 0;  ///< nats, summed over the samples seen of this epoch
  double kl = 0;              ///< nats, summed over them
  double seconds = 0;         ///< spent on them
};

/// What an epoch averaged over its images while the parameters were still moving, nats per image.
struct Epoch {
  int number = 0;             ///< 1, 2, ...
  double reconstruction = 0;  ///< as in ElboTerms
  double kl = 0;              ///< as in ElboTerms, without its weight
  double seconds = 0;         ///< that it took

  /// Their difference: the ELBO, or the iwae bound where that was climbed.
  double elbo() const { return reconstruction - kl; }
};

/// One call per epoch; it may change adam.options.
using OnEpoch = std::function<void(const Epoch&)>;
/// One call per step, between which parameters, optimiser and progress belong together: the time to
/// save them, or to throw and so to stop.
using OnStep = std::function<void(const Progress&)>;

/// `Model` has parameters, latent(), Workspace, elbo_errors, gradients and, if it knows that bound,
/// iwae_errors: see Vae, FlowVae and Denoiser. Throws std::runtime_error when the loss is no longer
/// finite, or runs away.
template <class T, template <class> class Model>
class Trainer {
 public:
  /// Refers to model, optimiser and threads. Throws std::invalid_argument for options that this
  /// model cannot have.
  Trainer(Model<T>& model, Adam<T>& adam, TrainingOptions options, Threads& threads);

  /// From `progress` on to the last epoch.
  void train(const DataSource<T>& data, const OnEpoch& on_epoch = {}, const OnStep& on_step = {});

  Progress progress;  ///< set it, with the model and Adam, to go on where another run stopped

 private:
  static constexpr Index shard_width = 64;
  static constexpr Index most_shards = 32;  // at a time; a larger batch adds up several rounds

  struct Shard {
    Matrix<T> x;
    typename Model<T>::Workspace workspace;
    std::vector<LayerGradient<T>> gradients;
    double reconstruction = 0, kl = 0;
  };
  /// Some columns of one layer's weights, or its biases (cols = 0), at `offset` in the parameters.
  struct Piece {
    std::size_t layer;
    Index first, cols, offset, size;
  };

  void train_epoch(const DataSource<T>& data, const OnStep& on_step);
  void train_batch(const DataSource<T>& data, std::span<const std::uint32_t> chosen);
  void forward_and_back(Shard& shard, std::size_t position);
  void cut_into_pieces();
  void move(const Piece& piece, std::span<const Shard> shards, bool first_round, bool last_round,
            T scale);
  double rate() const;
  ObjectiveWeights weights_now() const;
  void check_loss(double elbo);

  Model<T>& model_;
  Adam<T>& adam_;
  TrainingOptions options_;
  Threads& threads_;
  std::vector<Shard> shards_;
  std::vector<Piece> pieces_;
  Vector<T> gradient_;                // for more than one round
  std::optional<double> first_elbo_;  // of this call's first step
  double steps_an_epoch_ = 1;
};

/// Trains a VAE or a FlowVae; see Trainer.
template <class T, template <class> class Model>
void train(Model<T>& vae, Adam<T>& adam, const DataSource<T>& data, const TrainingOptions& options,
           Threads& threads, const OnEpoch& on_epoch = {}) {
  Trainer<T, Model>(vae, adam, options, threads).train(data, on_epoch);
}

}  // namespace elbo
