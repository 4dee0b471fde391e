#include "elbo/trainer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "elbo/denoiser.hpp"

namespace elbo {

template <class T, template <class> class Model>
Trainer<T, Model>::Trainer(Model<T>& model, Adam<T>& adam, TrainingOptions options,
                           Threads& threads)
    : model_(model), adam_(adam), options_(options), threads_(threads) {
  if (options_.batch < 1 || options_.samples < 1 || options_.epochs < 0 || options_.warm_up < 0) {
    throw std::invalid_argument(
        "Trainer: wanted batch >= 1, samples >= 1, epochs and warm_up >= 0");
  }
  if (!std::is_same_v<Model<T>, Vae<T>> && options_.weights.free_bits > 0) {
    throw std::invalid_argument("Trainer: free bits need the KL of each dimension, which Vae has");
  }
  const Index shards = (options_.batch + shard_width - 1) / shard_width;
  shards_.resize(static_cast<std::size_t>(std::min(shards, most_shards)));
  if (shards > most_shards) gradient_.resize(model_.parameters.size());
}

template <class T, template <class> class Model>
void Trainer<T, Model>::train(const DataSource<T>& data, const OnEpoch& on_epoch,
                              const OnStep& on_step) {
  if (data.count < 1) throw std::invalid_argument("Trainer: no training samples");
  while (progress.epochs < options_.epochs) {
    train_epoch(data, on_step);
    const double count = static_cast<double>(data.count);
    const Epoch epoch{progress.epochs + 1, progress.reconstruction / count, progress.kl / count,
                      progress.seconds};
    progress = {.epochs = epoch.number, .steps = progress.steps};
    if (on_epoch) on_epoch(epoch);
  }
}

template <class T, template <class> class Model>
void Trainer<T, Model>::train_epoch(const DataSource<T>& data, const OnStep& on_step) {
  using Clock = std::chrono::steady_clock;
  const auto count = static_cast<std::size_t>(data.count);
  const auto batch = static_cast<std::size_t>(options_.batch);
  steps_an_epoch_ = static_cast<double>((count + batch - 1) / batch);

  // A fresh order each epoch, a function of seed and epoch.
  const auto substream = static_cast<std::uint64_t>(progress.epochs + 1);
  auto start = Clock::now();
  const std::vector<std::uint32_t> order = Random(options_.seed, Stream::shuffle, substream)
                                               .permutation(static_cast<std::uint32_t>(count));
  while (progress.position < count) {
    const std::size_t first = progress.position;
    adam_.begin_step(rate());
    train_batch(data, {order.data() + first, std::min(batch, count - first)});
    const auto now = Clock::now();
    progress.seconds += std::chrono::duration<double>(now - start).count();
    start = now;
    if (on_step) on_step(progress);
  }
}

// [train-batch]
template <class T, template <class> class Model>
void Trainer<T, Model>::train_batch(const DataSource<T>& data,
                                    std::span<const std::uint32_t> chosen) {
  const auto width = static_cast<std::size_t>(shard_width);
  const std::size_t shards = (chosen.size() + width - 1) / width;
  double reconstruction = 0, kl = 0;
  for (std::size_t done = 0; done < shards; done += shards_.size()) {
    // Each shard: its images and its noise, forward and back through the network.
    const std::size_t now = std::min(shards_.size(), shards - done);
    threads_.run(static_cast<int>(now), [&](int s) {
      Shard& shard = shards_[static_cast<std::size_t>(s)];
      const std::size_t first = (done + static_cast<std::size_t>(s)) * width;
      data.gather(chosen.subspan(first, std::min(width, chosen.size() - first)), shard.x);
      forward_and_back(shard, progress.position + first);
    });

    // Each piece of the parameters: its gradient of the mean, and its step of Adam.
    if (pieces_.empty()) cut_into_pieces();
    const bool first_round = done == 0, last_round = done + now == shards;
    const T scale = T(1) / static_cast<T>(chosen.size());
    threads_.run(static_cast<int>(pieces_.size()), [&](int p) {
      move(pieces_[static_cast<std::size_t>(p)], {shards_.data(), now}, first_round, last_round,
           scale);
    });
    for (std::size_t s = 0; s < now; ++s) {
      reconstruction += shards_[s].reconstruction;
      kl += shards_[s].kl;
    }
  }
  ++progress.steps;
  progress.position += chosen.size();
  progress.reconstruction += reconstruction;
  progress.kl += kl;
  check_loss((reconstruction - kl) / static_cast<double>(chosen.size()));
}

// eps is a function of (seed, epoch, draw, position of the image in the epoch's order).
template <class T, template <class> class Model>
void Trainer<T, Model>::forward_and_back(Shard& shard, std::size_t position) {
  const Index d = model_.latent(), n = shard.x.cols();
  const auto epoch = static_cast<std::uint64_t>(progress.epochs + 1);
  Matrix<T> eps(d, n * options_.samples);
  for (int sample = 0; sample < options_.samples; ++sample) {
    const Random random(options_.seed, Stream::noise,
                        epoch << 24 | static_cast<std::uint64_t>(sample));
    eps.middleCols(sample * n, n) =
        random.normal<T>(d, n, position * static_cast<std::uint64_t>(d));
  }
  const ElboTerms<T> terms = [&] {
    if constexpr (requires { model_.iwae_errors(shard.x, eps, shard.workspace); }) {
      if (options_.bound == Bound::iwae) return model_.iwae_errors(shard.x, eps, shard.workspace);
    } else if (options_.bound == Bound::iwae) {
      throw std::invalid_argument("Trainer: this model knows no bound of importance samples");
    }
    return model_.elbo_errors(shard.x, eps, weights_now(), shard.workspace);
  }();
  shard.gradients = model_.gradients(shard.x, shard.workspace);
  shard.reconstruction = static_cast<double>(terms.reconstruction.sum());
  shard.kl = static_cast<double>(terms.kl.sum());
}

template <class T, template <class> class Model>
void Trainer<T, Model>::move(const Piece& piece, std::span<const Shard> shards, bool first_round,
                             bool last_round, T scale) {
  const bool at_once = first_round && last_round;
  Vector<T> here(at_once ? piece.size : 0);
  T* const gradient = at_once ? here.data() : gradient_.data() + piece.offset;
  Sum sum = first_round ? Sum::fresh : Sum::added;
  if (piece.cols > 0) {
    std::vector<Factors<T>> factors;
    for (const Shard& shard : shards)
      factors.push_back(shard.gradients[piece.layer].weight(piece.first, piece.cols));
    multiply<T>(factors, gradient, sum);
    shards[0].gradients[piece.layer].omit_missing(piece.first, piece.cols, gradient);
  } else {
    for (const Shard& shard : shards) {
      shard.gradients[piece.layer].bias(gradient, sum);
      sum = Sum::added;
    }
  }
  if (last_round) {
    adam_.update(model_.parameters, Eigen::Map<Vector<T>>(gradient, piece.size), scale,
                 piece.offset);
  }
}
// [train-batch]

// As many columns of a weight matrix as come near to 32768 numbers: enough for a fast product,
// small enough for a core's cache.
template <class T, template <class> class Model>
void Trainer<T, Model>::cut_into_pieces() {
  for (std::size_t l = 0; l < shards_[0].gradients.size(); ++l) {
    const Linear& layer = shards_[0].gradients[l].layer;
    const Index rows = layer.weight.rows, cols = layer.weight.cols;
    const Index some = std::max<Index>(16, 32768 / std::max<Index>(rows, 1) / 16 * 16);
    for (Index first = 0; first < cols; first += some) {
      const Index n = std::min(some, cols - first);
      pieces_.push_back({l, first, n, layer.weight.offset + first * rows, n * rows});
    }
    pieces_.push_back({l, 0, 0, layer.bias.offset, layer.bias.size()});
  }
}

template <class T, template <class> class Model>
double Trainer<T, Model>::rate() const {
  if (options_.schedule == Schedule::constant) return 1.0;
  const double steps = steps_an_epoch_ * options_.epochs;
  return 0.5 + 0.5 * std::cos(std::numbers::pi * static_cast<double>(progress.steps) / steps);
}

template <class T, template <class> class Model>
ObjectiveWeights Trainer<T, Model>::weights_now() const {
  ObjectiveWeights now = options_.weights;
  const double steps = steps_an_epoch_ * options_.warm_up;
  if (steps > 0) now.kl *= std::min(1.0, static_cast<double>(progress.steps) / steps);
  return now;
}

// Not a number, or a thousand times worse than at the start: no later step brings that back.
template <class T, template <class> class Model>
void Trainer<T, Model>::check_loss(double elbo) {
  if (!first_elbo_) first_elbo_ = elbo;
  if (elbo >= *first_elbo_ - 1000 * (1 + std::abs(*first_elbo_))) return;
  std::array<char, 32> rate;
  std::snprintf(rate.data(), rate.size(), "%g", static_cast<double>(adam_.options.learning_rate));
  throw std::runtime_error(
      std::string(std::isfinite(elbo) ? "the loss runs away" : "the loss is no longer finite") +
      " at step " + std::to_string(progress.steps) + " (epoch " +
      std::to_string(progress.epochs + 1) + ", learning rate " + rate.data() +
      "): try a smaller --learning-rate, or a larger --batch");
}

template class Trainer<float, Vae>;
template class Trainer<double, Vae>;
template class Trainer<float, Denoiser>;
template class Trainer<float, FlowVae>;
template class Trainer<double, FlowVae>;

}  // namespace elbo
