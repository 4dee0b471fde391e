#include "elbo/trainer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace elbo {

template <class T, template <class> class Model>
Trainer<T, Model>::Trainer(Model<T>& model, Adam<T>& adam, TrainingOptions options,
                           Threads& threads)
    : model_(model), adam_(adam), options_(options), threads_(threads) {
  if (options_.batch < 1 || options_.samples < 1 || options_.epochs < 0) {
    throw std::invalid_argument("Trainer: wanted batch >= 1, samples >= 1, epochs >= 0");
  }
  const Index shards = (options_.batch + shard_width - 1) / shard_width;
  shards_.resize(static_cast<std::size_t>(std::min(shards, most_buffers)));
  for (Shard& shard : shards_) shard.gradient.resize(model_.parameters.size());
}

template <class T, template <class> class Model>
void Trainer<T, Model>::train(const DataSource<T>& data, const OnEpoch& on_epoch) {
  if (data.count < 1) throw std::invalid_argument("Trainer: no training samples");
  const auto count = static_cast<std::size_t>(data.count);
  const auto batch = static_cast<std::size_t>(options_.batch);

  for (int epoch = 1; epoch <= options_.epochs; ++epoch) {
    const auto start = std::chrono::steady_clock::now();
    Epoch result{epoch, 0, 0, 0};

    // A fresh order each epoch.
    const auto substream = static_cast<std::uint64_t>(epoch);
    const std::vector<std::uint32_t> order = Random(options_.seed, Stream::shuffle, substream)
                                                 .permutation(static_cast<std::uint32_t>(count));
    for (std::size_t first = 0; first < count; first += batch) {
      const std::span chosen(order.data() + first, std::min(batch, count - first));
      train_batch(data, chosen, substream, first);
      for (const Shard& shard : shards_) {
        result.reconstruction += shard.reconstruction / static_cast<double>(count);
        result.kl += shard.kl / static_cast<double>(count);
      }
      if (!std::isfinite(result.elbo())) {
        std::ostringstream message;
        message << "the loss is no longer finite at step " << steps_ << " (epoch " << epoch
                << ", learning rate " << adam_.options.learning_rate
                << "): try a smaller --learning-rate, or a larger --batch";
        throw std::runtime_error(message.str());
      }
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    result.seconds = elapsed.count();
    if (on_epoch) on_epoch(result);
  }
}

// [train-batch]
template <class T, template <class> class Model>
void Trainer<T, Model>::train_batch(const DataSource<T>& data,
                                    std::span<const std::uint32_t> chosen, std::uint64_t epoch,
                                    std::size_t position) {
  // Each shard: its images, and the gradient of its part of the loss.
  const auto width = static_cast<std::size_t>(shard_width);
  const std::size_t shards = (chosen.size() + width - 1) / width, buffers = shards_.size();
  threads_.run(static_cast<int>(buffers), [&](int b) {
    Shard& shard = shards_[static_cast<std::size_t>(b)];
    shard.reconstruction = shard.kl = 0;
    shard.gradient.setZero();
    for (auto s = static_cast<std::size_t>(b); s < shards; s += buffers) {
      const std::size_t first = s * width;
      data.gather(chosen.subspan(first, std::min(width, chosen.size() - first)), shard.x);
      shard_gradient(shard, epoch, position + first);
    }
  });

  // One step of Adam on the gradient of the mean.
  ++steps_;
  adam_.begin_step();
  update(static_cast<int>(std::min(shards, buffers)), static_cast<Index>(chosen.size()));
}
// [train-batch]

// Adds the gradient of the loss of shard.x. eps is a function of (seed, epoch, draw, position of
// the image in the epoch's order): of nothing that depends on threads.
template <class T, template <class> class Model>
void Trainer<T, Model>::shard_gradient(Shard& shard, std::uint64_t epoch, std::size_t position) {
  const Index d = model_.latent(), n = shard.x.cols();
  for (int sample = 0; sample < options_.samples; ++sample) {
    const Random random(options_.seed, Stream::noise,
                        epoch << 24 | static_cast<std::uint64_t>(sample));
    const Matrix<T> eps = random.normal<T>(d, n, position * static_cast<std::uint64_t>(d));
    const ElboTerms<T> terms =
        model_.elbo_gradient(shard.x, eps, options_.weights, shard.gradient, shard.workspace);
    shard.reconstruction += static_cast<double>(terms.reconstruction.sum()) / options_.samples;
    shard.kl += static_cast<double>(terms.kl.sum()) / options_.samples;
  }
}

// Every thread takes a slice of the vector: adds the shards' gradients there, in order, and moves
// its parameters. Blocks small enough to stay in the cache between the two.
template <class T, template <class> class Model>
void Trainer<T, Model>::update(int shards, Index n) {
  constexpr Index block = 4096;
  const Index size = model_.parameters.size();
  const T scale = T(1) / (T(n) * T(options_.samples));
  const int blocks = static_cast<int>((size + block - 1) / block);
  threads_.run(blocks, [&](int b) {
    const Index first = b * block, length = std::min(block, size - first);
    Vector<T> gradient = shards_[0].gradient.segment(first, length);
    for (int s = 1; s < shards; ++s) {
      gradient += shards_[static_cast<std::size_t>(s)].gradient.segment(first, length);
    }
    gradient *= scale;
    adam_.update(model_.parameters, gradient, first);
  });
}

template class Trainer<float, Vae>;
template class Trainer<double, Vae>;

}  // namespace elbo
