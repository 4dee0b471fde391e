#include "elbo/vae.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "elbo/shape.hpp"
#include "elbo/special.hpp"

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

// One row an image: its draws, from a row with a number for every draw and image.
template <class T>
Eigen::Map<const Matrix<T>> by_image(const RowVector<T>& numbers, Index images) {
  return {numbers.data(), images, numbers.size() / images};
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
ElboTerms<T> Vae<T>::elbo_errors(const Matrix<T>& x, const Matrix<T>& eps,
                                 const ObjectiveWeights& weights, Workspace& w) const {
  // Forward: both halves of the bound.
  const RowVector<T> log_p = forward(x, eps, w);
  const Index d = latent(), n = x.cols(), draws = eps.cols() / n;
  const DiagonalNormal<T> q{w.encoder.back().topRows(d), w.encoder.back().bottomRows(d)};
  const ElboTerms<T> terms{by_image(log_p, n).rowwise().mean().transpose(),
                           kl_from_standard_normal(q)};

  // The loss is -(reconstruction weight) reconstruction + (kl weight) kl. Its errors: at the
  // decoder's output; at z, which costs nothing by itself; at the code, where dKL/dmean = mean and
  // dKL/dlog_variance = (scale^2 - 1) / 2.
  const T rec_weight = T(weights.reconstruction) / T(draws), kl_weight = T(weights.kl);
  w.decoder_errors.back() *= -rec_weight;
  w.d_log_variance *= -rec_weight;
  w.dz.setZero(d, eps.cols());
  Matrix<T>& d_code = w.encoder_errors.back();
  d_code.resize(2 * d, n);
  d_code.topRows(d) = kl_weight * q.mean;
  d_code.bottomRows(d) = T(0.5) * kl_weight * (w.scale.array().square() - T(1));
  if (weights.free_bits > 0) {
    const Vector<T> paid =
        (kl_by_dimension(q).rowwise().mean().array() > T(weights.free_bits)).template cast<T>();
    d_code.topRows(d).array().colwise() *= paid.array();
    d_code.bottomRows(d).array().colwise() *= paid.array();
  }
  backward(eps, w);
  return terms;
}

// Encode, sample as a differentiable function of mean and scale, decode, score. For every draw
// log p(x | z); its derivatives stay in w.
template <class T>
RowVector<T> Vae<T>::forward(const Matrix<T>& x, const Matrix<T>& eps, Workspace& w) const {
  const Index d = latent(), n = x.cols(), draws = n > 0 ? eps.cols() / n : 0;
  if (draws < 1) throw std::invalid_argument("Vae: wanted an image and a draw of eps for it");
  check_shape("Vae: eps", eps, d, n * draws);
  encoder_.forward(parameters, x, w.encoder);
  const Matrix<T>& code = w.encoder.back();  // the mean stacked on the log-variance
  w.encoder_errors.resize(w.encoder.size());

  w.scale = (T(0.5) * code.bottomRows(d).array()).exp();
  w.z.resize(d, eps.cols());
  for (Index first = 0; first < eps.cols(); first += n) {
    w.z.middleCols(first, n) = code.topRows(d) + w.scale.cwiseProduct(eps.middleCols(first, n));
  }
  decoder_.forward(parameters, w.z, w.decoder);
  w.decoder_errors.resize(w.decoder.size());

  if (draws > 1) w.x_copies = x.replicate(1, draws);
  return log_likelihood_gradient(options_.likelihood, draws > 1 ? w.x_copies : x, w.decoder.back(),
                                 log_variance(), w.decoder_errors.back(), w.d_log_variance);
}

// Back through the decoder; through the sample, with dz/dmean = 1 and dz/dlog_variance =
// scale eps / 2; through the encoder.
template <class T>
void Vae<T>::backward(const Matrix<T>& eps, Workspace& w) const {
  const Index d = latent(), n = w.scale.cols();
  decoder_.backward(parameters, w.decoder, w.decoder_errors, &w.through_decoder);
  w.dz += w.through_decoder;
  Matrix<T>& d_code = w.encoder_errors.back();
  for (Index first = 0; first < eps.cols(); first += n) {
    d_code.topRows(d) += w.dz.middleCols(first, n);
    d_code.bottomRows(d).array() += T(0.5) * w.dz.middleCols(first, n).array() * w.scale.array() *
                                    eps.middleCols(first, n).array();
  }
  encoder_.backward<T>(parameters, w.encoder, w.encoder_errors, nullptr);
}

template <class T>
ElboTerms<T> Vae<T>::elbo_gradient(const Matrix<T>& x, const Matrix<T>& eps,
                                   const ObjectiveWeights& weights, Vector<T>& d_parameters,
                                   Workspace& w) const {
  check_same_shape("Vae::elbo_gradient: d_parameters", d_parameters, parameters);
  const ElboTerms<T> terms = elbo_errors(x, eps, weights, w);
  for (const LayerGradient<T>& gradient : gradients(x, w)) gradient.add_to(d_parameters);
  return terms;
}
// [elbo-gradient]

// [iwae-gradient]
template <class T>
ElboTerms<T> Vae<T>::iwae_errors(const Matrix<T>& x, const Matrix<T>& eps, Workspace& w) const {
  // Forward: the weights. With z = mean + scale eps, log p(z) - log q(z | x) is
  // (eps^2 + log_variance - z^2) / 2, summed over the code.
  const RowVector<T> log_p = forward(x, eps, w);
  const Index d = latent(), n = x.cols(), k = eps.cols() / n;
  const RowVector<T> log_scale = T(0.5) * w.encoder.back().bottomRows(d).colwise().sum();
  const RowVector<T> log_weight =
      log_p + log_scale.replicate(1, k) +
      T(0.5) * (eps.colwise().squaredNorm() - w.z.colwise().squaredNorm());
  RowVector<T> bound(n), weight(n * k);
  for (Index i = 0; i < n; ++i) {
    const Vector<T> of_image = by_image(log_weight, n).row(i);
    bound(i) = log_mean_exp(of_image);
    for (Index j = 0; j < k; ++j) weight(j * n + i) = std::exp(of_image(j) - bound(i)) / T(k);
  }
  const RowVector<T> weighted = weight.cwiseProduct(log_p);
  ElboTerms<T> terms{by_image(weighted, n).rowwise().sum().transpose(), {}};
  terms.kl = terms.reconstruction - bound;

  // The loss is -bound: each draw's errors times its weight. (The weights sum to 1, so
  // -log_scale adds -1/2 for each log-variance.)
  w.decoder_errors.back() *= (-weight).asDiagonal();
  w.d_log_variance *= (-weight).asDiagonal();
  w.dz = w.z * weight.asDiagonal();
  Matrix<T>& d_code = w.encoder_errors.back();
  d_code.resize(2 * d, n);
  d_code.topRows(d).setZero();
  d_code.bottomRows(d).setConstant(T(-0.5));
  backward(eps, w);
  return terms;
}
// [iwae-gradient]

template <class T>
std::vector<LayerGradient<T>> Vae<T>::gradients(const Matrix<T>& x, const Workspace& w) const {
  std::vector<LayerGradient<T>> all;
  encoder_.gradients(x, w.encoder, w.encoder_errors, all);
  decoder_.gradients(w.z, w.decoder, w.decoder_errors, all);
  const Linear only_a_bias{{log_variance_.offset, 1, 0}, log_variance_};
  all.push_back({only_a_bias, &w.d_log_variance, &w.d_log_variance});
  return all;
}

// [log-weight]
template <class T>
RowVector<T> Vae<T>::log_weight(const Matrix<T>& x, const DiagonalNormal<T>& q,
                                const Matrix<T>& eps) const {
  const Matrix<T> z = q.rsample(eps);
  const DiagonalNormal<T> prior = DiagonalNormal<T>::standard(z.rows(), z.cols());
  return log_likelihood(x, z) + prior.log_prob(z) - q.log_prob(z);
}
// [log-weight]

// [log-joint-gradient]
template <class T>
RowVector<T> Vae<T>::log_joint_gradient(const Matrix<T>& x, const Matrix<T>& z,
                                        Matrix<T>& dz) const {
  check_shape("Vae::log_joint_gradient: z", z, latent(), x.cols());
  std::vector<Matrix<T>> outputs, errors;
  Matrix<T> d_log_variance;
  decoder_.forward(parameters, z, outputs);
  errors.resize(outputs.size());
  const RowVector<T> log_x = log_likelihood_gradient(options_.likelihood, x, outputs.back(),
                                                     log_variance(), errors.back(), d_log_variance);
  decoder_.backward(parameters, outputs, errors, &dz);
  dz -= z;  // of log p(z)
  return log_x + DiagonalNormal<T>::standard(z.rows(), z.cols()).log_prob(z);
}
// [log-joint-gradient]

template <class T>
T Vae<T>::log_variance() const {
  return log_variance_.in(parameters)(0, 0);
}

template class Vae<float>;
template class Vae<double>;

}  // namespace elbo
