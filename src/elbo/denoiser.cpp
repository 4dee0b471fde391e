#include "elbo/denoiser.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "elbo/shape.hpp"
#include "elbo/special.hpp"

namespace elbo {
namespace {

std::vector<Index> widths(Index in, std::vector<Index> hidden, Index out) {
  hidden.insert(hidden.begin(), in);
  hidden.push_back(out);
  return hidden;
}

// sqrt(alpha_bar) and sqrt(1 - alpha_bar) from log_snr = log(alpha_bar / (1 - alpha_bar)).
template <class T>
RowVector<T> signal(const RowVector<T>& log_snr) {
  return log_snr.unaryExpr([](T l) { return std::sqrt(sigmoid(l)); });
}
template <class T>
RowVector<T> noise_scale(const RowVector<T>& log_snr) {
  return log_snr.unaryExpr([](T l) { return std::sqrt(sigmoid(-l)); });
}

template <class T>
Matrix<T> stacked(const Matrix<T>& xt, const Matrix<T>& embedding) {
  Matrix<T> both(xt.rows() + embedding.rows(), xt.cols());
  both << xt, embedding;
  return both;
}

}  // namespace

// [embedding]
template <class T>
Matrix<T> time_embedding(const RowVector<T>& log_snr, Index features) {
  Matrix<T> out(features, log_snr.cols());
  for (Index i = 0; i < out.cols(); ++i) {
    T angle = std::clamp(log_snr(i), T(-16), T(16)) * T(std::numbers::pi / 32);
    for (Index k = 0; k + 1 < features; k += 2, angle *= 2) {
      out(k, i) = std::sin(angle);
      out(k + 1, i) = std::cos(angle);
    }
  }
  return out;
}
// [embedding]

template <class T>
Denoiser<T>::Denoiser(DenoiserOptions options, Diffusion diffusion, std::uint64_t seed)
    : options_(std::move(options)),
      diffusion_(std::move(diffusion)),
      network_(layout_, "denoiser",
               widths(options_.dimension + time_features, options_.hidden, options_.dimension),
               Activation::relu) {
  parameters = Vector<T>::Zero(layout_.size());
  network_.initialise(parameters, Random(seed, Stream::parameters));
}

// [predict]
template <class T>
Matrix<T> Denoiser<T>::predict_noise(const Matrix<T>& xt, const RowVector<T>& log_snr) const {
  check_shape("Denoiser: xt", xt, options_.dimension, log_snr.cols());
  std::vector<Matrix<T>> outputs;
  network_.forward(parameters, stacked(xt, time_embedding(log_snr, time_features)), outputs);
  return xt * noise_scale(log_snr).asDiagonal() + outputs.back() * signal(log_snr).asDiagonal();
}
// [predict]

template <class T>
Matrix<T> Denoiser<T>::predict_noise(const Matrix<T>& xt, const NoiseSchedule& schedule,
                                     int t) const {
  return predict_noise(xt, RowVector<T>::Constant(xt.cols(), static_cast<T>(schedule.log_snr(t))));
}

template <class T>
std::vector<int> Denoiser<T>::steps(const RowVector<T>& u) const {
  std::vector<int> t;
  for (const T value : u) {
    const double phi = 0.5 * std::erfc(-static_cast<double>(value) / std::numbers::sqrt2);
    t.push_back(1 + std::min(static_cast<int>(phi * diffusion_.steps()), diffusion_.steps() - 1));
  }
  return t;
}

// [denoiser-gradient]
template <class T>
ElboTerms<T> Denoiser<T>::elbo_errors(const Matrix<T>& x, const Matrix<T>& noise,
                                      const ObjectiveWeights& weights, Workspace& w) const {
  const Index dimension = options_.dimension, n = x.cols();
  check_shape("Denoiser: x", x, dimension, n);
  check_shape("Denoiser: noise", noise, latent(), n);  // one draw a sample
  const Matrix<T> eps = noise.topRows(dimension);
  const std::vector<int> t = steps(noise.row(dimension));
  const double layers = diffusion_.steps();

  // Drown each sample as deep as its t says, and guess its noise.
  RowVector<T> log_snr(n);
  for (Index i = 0; i < n; ++i) {
    log_snr(i) = static_cast<T>(diffusion_.schedule().log_snr(t[static_cast<std::size_t>(i)]));
  }
  const RowVector<T> left = signal(log_snr), added = noise_scale(log_snr);
  w.xt = x * left.asDiagonal() + eps * added.asDiagonal();
  w.input = stacked(w.xt, time_embedding(log_snr, time_features));
  network_.forward(parameters, w.input, w.outputs);
  w.errors.resize(w.outputs.size());
  Matrix<T>& error = w.errors.back();  // first eps_hat - eps, then dloss/d(network's output)
  error = w.xt * added.asDiagonal() + w.outputs.back() * left.asDiagonal() - eps;

  // Both halves of the bound, and the derivative of the loss.
  ElboTerms<T> terms{RowVector<T>::Zero(n), diffusion_.prior_loss(x)};
  for (Index i = 0; i < n; ++i) {
    const int step = t[static_cast<std::size_t>(i)];
    const double weight = layers * diffusion_.noise_weight(step);
    const double constant = layers * double(dimension) * diffusion_.step_constant(step);
    const T cost = static_cast<T>(weight * double(error.col(i).squaredNorm()) + constant);
    (step == 1 ? terms.reconstruction(i) : terms.kl(i)) += step == 1 ? -cost : cost;
    const double of_half = step == 1 ? weights.reconstruction : weights.kl;
    const double slope = options_.loss == NoiseLoss::simple ? 1.0 : of_half * weight;
    error.col(i) *= static_cast<T>(2 * slope) * left(i);
  }
  network_.backward(parameters, w.outputs, w.errors, static_cast<Matrix<T>*>(nullptr));
  return terms;
}

template <class T>
std::vector<LayerGradient<T>> Denoiser<T>::gradients(const Matrix<T>&, const Workspace& w) const {
  std::vector<LayerGradient<T>> out;
  network_.gradients(w.input, w.outputs, w.errors, out);
  return out;
}
// [denoiser-gradient]

template class Denoiser<float>;
template class Denoiser<double>;
template Matrix<float> time_embedding(const RowVector<float>&, Index);
template Matrix<double> time_embedding(const RowVector<double>&, Index);

}  // namespace elbo
