#include "elbo/autoencoder.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

#include "elbo/shape.hpp"

namespace elbo {
namespace {

std::vector<Index> widths(Index in, std::vector<Index> hidden, Index out) {
  hidden.insert(hidden.begin(), in);
  hidden.push_back(out);
  for (const Index width : hidden) {
    if (width < 1) throw std::invalid_argument("Autoencoder: a width of " + std::to_string(width));
  }
  return hidden;
}

std::vector<Index> reversed(const std::vector<Index>& v) {
  return {v.rbegin(), v.rend()};
}

}  // namespace

template <class T>
Autoencoder<T>::Autoencoder(AutoencoderOptions options, std::uint64_t seed)
    : options_(std::move(options)),
      encoder_(layout_, "encoder", widths(options_.pixels, options_.hidden, options_.latent),
               options_.activation),
      decoder_(layout_, "decoder",
               widths(options_.latent, reversed(options_.hidden), options_.pixels),
               options_.activation) {
  parameters = Vector<T>::Zero(layout_.size());
  const Random random(seed, Stream::parameters);
  encoder_.initialise(parameters, random);
  decoder_.initialise(parameters, random);
}

// [encode-decode]
template <class T>
Matrix<T> Autoencoder<T>::encode(const Matrix<T>& x) const {
  std::vector<Matrix<T>> outputs;
  encoder_.forward(parameters, x, outputs);
  return std::move(outputs.back());
}

template <class T>
Matrix<T> Autoencoder<T>::decode(const Matrix<T>& z) const {
  std::vector<Matrix<T>> outputs;
  decoder_.forward(parameters, z, outputs);
  return std::move(outputs.back());
}

template <class T>
RowVector<T> Autoencoder<T>::squared_error(const Matrix<T>& x) const {
  return (x - reconstruct(x)).colwise().squaredNorm();
}
// [encode-decode]

// [errors]
template <class T>
RowVector<T> Autoencoder<T>::errors(const Matrix<T>& input, const Matrix<T>& target,
                                    Workspace& w) const {
  check_same_shape("Autoencoder::errors: target", target, input);
  // Forward: to the code and out again.
  encoder_.forward(parameters, input, w.encoder);
  decoder_.forward(parameters, w.encoder.back(), w.decoder);

  // Back: through the decoder to the code, through the encoder to nobody.
  w.encoder_errors.resize(w.encoder.size());
  w.decoder_errors.resize(w.decoder.size());
  Matrix<T>& residual = w.decoder_errors.back();
  residual = w.decoder.back() - target;
  const RowVector<T> squares = residual.colwise().squaredNorm();
  residual *= T(2);
  decoder_.backward(parameters, w.decoder, w.decoder_errors, &w.encoder_errors.back());
  encoder_.backward<T>(parameters, w.encoder, w.encoder_errors, nullptr);
  return squares;
}
// [errors]

template <class T>
std::vector<LayerGradient<T>> Autoencoder<T>::gradients(const Matrix<T>& input,
                                                        const Workspace& w) const {
  std::vector<LayerGradient<T>> all;
  encoder_.gradients(input, w.encoder, w.encoder_errors, all);
  decoder_.gradients(w.encoder.back(), w.decoder, w.decoder_errors, all);
  return all;
}

// --- Training ---

namespace {

template <class T>
struct Shard {
  Matrix<T> target, input;
  typename Autoencoder<T>::Workspace workspace;
  std::vector<LayerGradient<T>> gradients;
  double squared_error = 0;
};

// One layer's gradient of the mean, summed over the shards in their order, and its step of Adam.
template <class T>
void move(std::size_t layer, std::span<const Shard<T>> shards, T scale, Adam<T>& adam,
          Vector<T>& parameters, Vector<T>& gradient) {
  const Linear& linear = shards[0].gradients[layer].layer;
  std::vector<Factors<T>> factors;
  Sum sum = Sum::fresh;
  for (const Shard<T>& shard : shards) {
    factors.push_back(shard.gradients[layer].weight(0, linear.weight.cols));
    shard.gradients[layer].bias(gradient.data() + linear.bias.offset, sum);
    sum = Sum::added;
  }
  multiply<T>(factors, gradient.data() + linear.weight.offset);
  for (const Slice& slice : {linear.weight, linear.bias}) {
    adam.update(parameters, gradient.segment(slice.offset, slice.size()), scale, slice.offset);
  }
}

}  // namespace

// [train-autoencoder]
template <class T>
void train(Autoencoder<T>& model, Adam<T>& adam, const DataSource<T>& data,
           const AutoencoderTraining& options, Threads& threads,
           const OnAutoencoderEpoch& on_epoch) {
  if (data.count < 1 || options.batch < 1 || options.epochs < 0) {
    throw std::invalid_argument("train: wanted samples, batch >= 1, epochs >= 0");
  }
  constexpr std::size_t width = 64;
  const auto count = static_cast<std::size_t>(data.count);
  const auto batch = std::min(static_cast<std::size_t>(options.batch), count);
  const double steps =
      static_cast<double>((count + batch - 1) / batch) * static_cast<double>(options.epochs);
  std::vector<Shard<T>> shards((batch + width - 1) / width);
  Vector<T> gradient(model.parameters.size());

  for (int epoch = 1; epoch <= options.epochs; ++epoch) {
    // A fresh order each epoch, and fresh noise: functions of seed, epoch and place in that order.
    const auto substream = static_cast<std::uint64_t>(epoch);
    const auto order = Random(options.seed, Stream::shuffle, substream)
                           .permutation(static_cast<std::uint32_t>(count));
    const Random noise(options.seed, Stream::noise, substream);
    double sum = 0;
    for (std::size_t first = 0; first < count; first += batch) {
      const std::size_t n = std::min(batch, count - first), now = (n + width - 1) / width;
      threads.run(static_cast<int>(now), [&](int s) {
        Shard<T>& shard = shards[static_cast<std::size_t>(s)];
        const std::size_t from = static_cast<std::size_t>(s) * width;
        data.gather({order.data() + first + from, std::min(width, n - from)}, shard.target);
        shard.input = shard.target;
        if (options.noise_scale > 0) {
          const Index rows = shard.input.rows(), cols = shard.input.cols();
          const auto place = static_cast<std::uint64_t>(rows) * (first + from);
          shard.input += T(options.noise_scale) * noise.normal<T>(rows, cols, place);
        }
        shard.squared_error =
            static_cast<double>(model.errors(shard.input, shard.target, shard.workspace).sum());
        shard.gradients = model.gradients(shard.input, shard.workspace);
      });
      const double done = static_cast<double>(adam.steps()) / steps;
      adam.begin_step(0.5 + 0.5 * std::cos(std::numbers::pi * std::min(1.0, done)));
      threads.run(static_cast<int>(shards[0].gradients.size()), [&](int layer) {
        move<T>(static_cast<std::size_t>(layer), {shards.data(), now}, T(1) / static_cast<T>(n),
                adam, model.parameters, gradient);
      });
      for (std::size_t s = 0; s < now; ++s) sum += shards[s].squared_error;
    }
    if (!std::isfinite(sum)) {
      throw std::runtime_error("the loss is no longer finite in epoch " + std::to_string(epoch) +
                               ": try a smaller --learning-rate, or a larger --batch");
    }
    if (on_epoch) on_epoch(epoch, sum / static_cast<double>(count));
  }
}
// [train-autoencoder]

#define ELBO_INSTANTIATE(T)                                                                        \
  template class Autoencoder<T>;                                                                   \
  template void train(Autoencoder<T>&, Adam<T>&, const DataSource<T>&, const AutoencoderTraining&, \
                      Threads&, const OnAutoencoderEpoch&);
ELBO_INSTANTIATE(float)
ELBO_INSTANTIATE(double)
#undef ELBO_INSTANTIATE

}  // namespace elbo
