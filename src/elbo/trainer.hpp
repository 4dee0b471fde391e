// Mini-batch training that gives the same numbers on any number of threads.
//
// Each mini-batch is cut into shards of a fixed width. A thread takes whole shards; every shard has
// its own gradient, and the gradients are added in the order of the shards, so the number of
// threads changes who computes what, never what is computed.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "elbo/adam.hpp"
#include "elbo/data_source.hpp"
#include "elbo/random.hpp"
#include "elbo/threads.hpp"
#include "elbo/vae.hpp"

namespace elbo {

struct TrainingOptions {
  int epochs = 10;
  Index batch = 128;
  int samples = 1;  // L, draws of eps per image and step
  ObjectiveWeights weights = {};
  std::uint64_t seed = 1;
};

/// What an epoch averaged over its images while the parameters were still moving, nats per image.
struct Epoch {
  int number = 0;  // 1, 2, ...
  double reconstruction = 0, kl = 0, seconds = 0;

  double elbo() const { return reconstruction - kl; }
};

/// One call per epoch; it may change adam.options (a learning-rate schedule).
using OnEpoch = std::function<void(const Epoch&)>;

/// `Model` has parameters, latent(), Workspace and elbo_gradient(x, eps, weights, d_parameters, w).
/// Throws std::runtime_error when the loss is no longer finite.
template <class T, template <class> class Model>
class Trainer {
 public:
  Trainer(Model<T>& model, Adam<T>& adam, TrainingOptions options, Threads& threads);

  void train(const DataSource<T>& data, const OnEpoch& on_epoch);

 private:
  static constexpr Index shard_width = 64;
  static constexpr Index most_buffers = 16;  // a larger batch adds several shards into each

  struct Shard {
    Matrix<T> x;
    Vector<T> gradient;
    typename Model<T>::Workspace workspace;
    double reconstruction, kl;
  };

  void train_batch(const DataSource<T>& data, std::span<const std::uint32_t> chosen,
                   std::uint64_t epoch, std::size_t position);
  void shard_gradient(Shard& shard, std::uint64_t epoch, std::size_t position);
  void update(int shards, Index n);

  Model<T>& model_;
  Adam<T>& adam_;
  TrainingOptions options_;
  Threads& threads_;
  std::vector<Shard> shards_;
  std::uint64_t steps_ = 0;
};

/// Trains a VAE; see Trainer.
template <class T>
void train(Vae<T>& vae, Adam<T>& adam, const DataSource<T>& data, const TrainingOptions& options,
           Threads& threads, const OnEpoch& on_epoch = {}) {
  Trainer<T, Vae>(vae, adam, options, threads).train(data, on_epoch);
}

}  // namespace elbo
