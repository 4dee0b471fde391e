#include "elbo/vae.hpp"

#include <stdexcept>
#include <string>

#include "elbo/shape.hpp"

namespace elbo {
namespace {

std::vector<Index> widths(Index in, std::vector<Index> hidden, Index out) {
  hidden.insert(hidden.begin(), in);
  hidden.push_back(out);
  for (const Index width : hidden) {
    if (width < 1) throw std::invalid_argument("Vae: a width of " + std::to_string(width));
  }
  return hidden;
}

std::vector<Index> reversed(const std::vector<Index>& v) {
  return {v.rbegin(), v.rend()};
}

}  // namespace

template <class T>
Vae<T>::Vae(VaeOptions options, std::uint64_t seed)
    : options_(std::move(options)),
      encoder_(layout_, "encoder", widths(options_.pixels, options_.hidden, 2 * options_.latent),
               options_.activation),
      decoder_(layout_, "decoder",
               widths(options_.latent, reversed(options_.hidden), options_.pixels),
               options_.activation),
      log_variance_(layout_.add("decoder.log_variance", 1, 1)) {
  parameters = Vector<T>::Zero(layout_.size());
  const Random random(seed, Stream::parameters);
  encoder_.initialise(parameters, random);
  decoder_.initialise(parameters, random);
  log_variance_.in(parameters)(0, 0) = T(options_.log_variance);
}

template <class T>
DiagonalNormal<T> Vae<T>::encode(const Matrix<T>& x) const {
  std::vector<Matrix<T>> outputs;
  encoder_.forward(parameters, x, outputs);
  const Index d = latent();
  return {outputs.back().topRows(d), outputs.back().bottomRows(d)};
}

template <class T>
Matrix<T> Vae<T>::decode(const Matrix<T>& z) const {
  std::vector<Matrix<T>> outputs;
  decoder_.forward(parameters, z, outputs);
  return std::move(outputs.back());
}

template <class T>
Matrix<T> Vae<T>::decode_mean(const Matrix<T>& z) const {
  return likelihood_mean(options_.likelihood, decode(z));
}

template <class T>
RowVector<T> Vae<T>::log_likelihood(const Matrix<T>& x, const Matrix<T>& z) const {
  return elbo::log_likelihood(options_.likelihood, x, decode(z), log_variance());
}

// [elbo]
template <class T>
ElboTerms<T> Vae<T>::elbo(const Matrix<T>& x, const Matrix<T>& eps) const {
  const DiagonalNormal<T> q = encode(x);
  const Matrix<T> z = q.rsample(eps);
  return {log_likelihood(x, z), kl_from_standard_normal(q)};
}
// [elbo]

// [elbo-gradient]
template <class T>
ElboTerms<T> Vae<T>::elbo_gradient(const Matrix<T>& x, const Matrix<T>& eps,
                                   const ObjectiveWeights& weights, Vector<T>& d_parameters,
                                   Workspace& w) const {
  const Index d = latent(), n = x.cols();
  const T rec_weight = T(weights.reconstruction), kl_weight = T(weights.kl);
  check_shape("Vae::elbo_gradient: eps", eps, d, n);
  check_same_shape("Vae::elbo_gradient: d_parameters", d_parameters, parameters);

  // Encode: the network stacks the mean on the log-variance.
  encoder_.forward(parameters, x, w.encoder);
  const DiagonalNormal<T> q{w.encoder.back().topRows(d), w.encoder.back().bottomRows(d)};

  // Sample, as a differentiable function of mean and scale.
  w.scale = (T(0.5) * q.log_variance.array()).exp();
  w.z = q.mean + w.scale.cwiseProduct(eps);

  // Decode, and score both halves of the bound.
  decoder_.forward(parameters, w.z, w.decoder);
  T d_log_variance = 0;
  ElboTerms<T> terms;
  terms.reconstruction = log_likelihood_gradient(options_.likelihood, x, w.decoder.back(),
                                                 log_variance(), w.d_eta, d_log_variance);
  terms.kl = kl_from_standard_normal(q);

  // Back through the decoder: the loss is the negative of the reconstruction.
  w.d_eta *= -rec_weight;
  log_variance_.in(d_parameters)(0, 0) -= rec_weight * d_log_variance;
  decoder_.backward(parameters, w.z, w.decoder, w.d_eta, d_parameters, &w.dz, w.scratch);

  // Through the sample (dz/dmean = 1, dz/dlog_variance = scale eps / 2) and the KL term
  // (dKL/dmean = mean, dKL/dlog_variance = (scale^2 - 1) / 2), into the encoder.
  w.d_code.resize(2 * d, n);
  w.d_code.topRows(d) = w.dz + kl_weight * q.mean;
  w.d_code.bottomRows(d) = T(0.5) * (w.dz.array() * w.scale.array() * eps.array() +
                                     kl_weight * (w.scale.array().square() - T(1)));
  encoder_.backward<T>(parameters, x, w.encoder, w.d_code, d_parameters, nullptr, w.scratch);
  return terms;
}
// [elbo-gradient]

// [log-weight]
template <class T>
RowVector<T> Vae<T>::log_weight(const Matrix<T>& x, const DiagonalNormal<T>& q,
                                const Matrix<T>& eps) const {
  const Matrix<T> z = q.rsample(eps);
  const DiagonalNormal<T> prior = DiagonalNormal<T>::standard(z.rows(), z.cols());
  return log_likelihood(x, z) + prior.log_prob(z) - q.log_prob(z);
}
// [log-weight]

template <class T>
T Vae<T>::log_variance() const {
  return log_variance_.in(parameters)(0, 0);
}

template class Vae<float>;
template class Vae<double>;

}  // namespace elbo
