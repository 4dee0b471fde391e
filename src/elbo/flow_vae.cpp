#include "elbo/flow_vae.hpp"

#include <cmath>
#include <stdexcept>

#include "elbo/shape.hpp"
#include "elbo/special.hpp"

namespace elbo {
namespace {

std::vector<Index> widths(Index in, std::vector<Index> hidden, Index out) {
  hidden.insert(hidden.begin(), in);
  hidden.push_back(out);
  return hidden;
}

// log N(eps; 0, I) of every column.
template <class T>
RowVector<T> log_standard_normal(const Matrix<T>& eps) {
  const T constant = T(0.5 * log_two_pi) * T(eps.rows());
  return (T(-0.5) * eps.colwise().squaredNorm()).array() - constant;
}

template <class T>
Eigen::Map<const Matrix<T>> by_image(const RowVector<T>& numbers, Index images) {
  return {numbers.data(), images, numbers.size() / images};
}

}  // namespace

template <class T>
FlowVae<T>::FlowVae(FlowVaeOptions options, std::uint64_t seed)
    : options_(std::move(options)),
      encoder_(layout_, "encoder",
               widths(options_.pixels, options_.hidden, 2 * options_.latent + options_.context),
               options_.activation),
      flow_(layout_, "flow",
            {options_.latent, options_.context, options_.flow_hidden, options_.steps}),
      decoder_(layout_, "decoder",
               widths(options_.latent, {options_.hidden.rbegin(), options_.hidden.rend()},
                      options_.pixels),
               options_.activation) {
  parameters = Vector<T>::Zero(layout_.size());
  const Random random(seed, Stream::parameters);
  encoder_.initialise(parameters, random);
  flow_.initialise(parameters, random);
  decoder_.initialise(parameters, random);
}

template <class T>
Matrix<T> FlowVae<T>::encode(const Matrix<T>& x) const {
  std::vector<Matrix<T>> outputs;
  encoder_.forward(parameters, x, outputs);
  return std::move(outputs.back());
}

template <class T>
Matrix<T> FlowVae<T>::decode(const Matrix<T>& z) const {
  std::vector<Matrix<T>> outputs;
  decoder_.forward(parameters, z, outputs);
  return std::move(outputs.back());
}

// [flow-posterior]
template <class T>
Matrix<T> FlowVae<T>::rsample(const Matrix<T>& code, const Matrix<T>& eps,
                              RowVector<T>& log_q) const {
  const Index d = latent();
  const DiagonalNormal<T> start{code.topRows(d), code.middleRows(d, d)};
  const Matrix<T> z0 = start.rsample(eps);
  RowVector<T> log_det;
  typename AutoregressiveFlow::Memory<T> memory;
  const Matrix<T> z =
      flow_.forward<T>(parameters, z0, code.bottomRows(options_.context), log_det, memory);
  log_q = start.log_prob(z0) - log_det;
  return z;
}

template <class T>
RowVector<T> FlowVae<T>::log_prob(const Matrix<T>& code, const Matrix<T>& z) const {
  const Index d = latent();
  const Matrix<T> context = code.bottomRows(options_.context);
  const DiagonalNormal<T> start{code.topRows(d), code.middleRows(d, d)};
  const Matrix<T> z0 = flow_.inverse(parameters, z, context);
  RowVector<T> log_det;
  typename AutoregressiveFlow::Memory<T> memory;
  flow_.forward(parameters, z0, context, log_det, memory);
  return start.log_prob(z0) - log_det;
}

template <class T>
RowVector<T> FlowVae<T>::log_weight(const Matrix<T>& x, const Matrix<T>& code,
                                    const Matrix<T>& eps) const {
  RowVector<T> log_q;
  const Matrix<T> z = rsample(code, eps, log_q);
  return log_likelihood(Likelihood::bernoulli, x, decode(z), T(0)) + log_standard_normal(z) - log_q;
}
// [flow-posterior]

// Encode, sample, flow, decode, score: log p(x | z) of every draw, and log q and log p(z) in w.
template <class T>
RowVector<T> FlowVae<T>::forward(const Matrix<T>& x, const Matrix<T>& eps, Workspace& w) const {
  const Index d = latent(), n = x.cols(), draws = n > 0 ? eps.cols() / n : 0;
  if (draws < 1) throw std::invalid_argument("FlowVae: wanted an image and a draw of eps for it");
  check_shape("FlowVae: eps", eps, d, n * draws);
  encoder_.forward(parameters, x, w.encoder);
  w.code = w.encoder.back().replicate(1, draws);
  w.scale = (T(0.5) * w.code.middleRows(d, d).array()).exp();
  const Matrix<T> z0 = w.code.topRows(d) + w.scale.cwiseProduct(eps);
  RowVector<T> log_det;
  w.z = flow_.forward<T>(parameters, z0, w.code.bottomRows(options_.context), log_det, w.flow);
  w.log_q = log_standard_normal(eps) - T(0.5) * w.code.middleRows(d, d).colwise().sum() - log_det;
  w.log_prior = log_standard_normal(w.z);

  decoder_.forward(parameters, w.z, w.decoder);
  w.decoder_errors.resize(w.decoder.size());
  if (draws > 1) w.x_copies = x.replicate(1, draws);
  return log_likelihood_gradient(Likelihood::bernoulli, draws > 1 ? w.x_copies : x,
                                 w.decoder.back(), T(0), w.decoder_errors.back(), w.unused);
}

// [flow-vae-backward]
// The loss, draw by draw: -(rec weight) log p(x | z) + (kl weight) [log q - log p(z)]. In it
// -log p(z) has the slope z; log q, as a function of the noise, is only -log_scale - log_det.
template <class T>
void FlowVae<T>::backward(const Matrix<T>& eps, const RowVector<T>& rec_weight,
                          const RowVector<T>& kl_weight, Workspace& w) const {
  const Index d = latent(), n = w.encoder.back().cols();
  w.decoder_errors.back() *= (-rec_weight).asDiagonal();
  decoder_.backward(parameters, w.decoder, w.decoder_errors, &w.through_decoder);
  w.dz = w.through_decoder + w.z * kl_weight.asDiagonal();
  w.dz = flow_.backward<T>(parameters, w.dz, -kl_weight, w.d_context, w.flow);

  // At the encoder's output, summed over the draws of an image.
  w.encoder_errors.resize(w.encoder.size());
  Matrix<T>& d_code = w.encoder_errors.back();
  d_code.setZero(w.code.rows(), n);
  for (Index first = 0; first < eps.cols(); first += n) {
    const Array<T> dz = w.dz.middleCols(first, n), scale = w.scale.middleCols(first, n);
    d_code.topRows(d).array() += dz;
    d_code.middleRows(d, d).array() +=
        T(0.5) * (dz * scale * eps.middleCols(first, n).array() -
                  kl_weight.middleCols(first, n).replicate(d, 1).array());
    d_code.bottomRows(options_.context) += w.d_context.middleCols(first, n);
  }
  encoder_.template backward<T>(parameters, w.encoder, w.encoder_errors, nullptr);
}

template <class T>
ElboTerms<T> FlowVae<T>::elbo_errors(const Matrix<T>& x, const Matrix<T>& eps,
                                     const ObjectiveWeights& weights, Workspace& w) const {
  const RowVector<T> log_p = forward(x, eps, w), kl = w.log_q - w.log_prior;
  const Index n = x.cols(), draws = eps.cols() / n;
  const RowVector<T> share = RowVector<T>::Constant(eps.cols(), T(1) / T(draws));
  backward(eps, T(weights.reconstruction) * share, T(weights.kl) * share, w);
  return {by_image(log_p, n).rowwise().mean().transpose(),
          by_image(kl, n).rowwise().mean().transpose()};
}

template <class T>
ElboTerms<T> FlowVae<T>::iwae_errors(const Matrix<T>& x, const Matrix<T>& eps, Workspace& w) const {
  const RowVector<T> log_p = forward(x, eps, w), log_weight = log_p + w.log_prior - w.log_q;
  const Index n = x.cols(), k = eps.cols() / n;
  RowVector<T> bound(n), share(n * k);
  for (Index i = 0; i < n; ++i) {
    const Vector<T> of_image = by_image(log_weight, n).row(i);
    bound(i) = log_mean_exp(of_image);
    for (Index j = 0; j < k; ++j) share(j * n + i) = std::exp(of_image(j) - bound(i)) / T(k);
  }
  backward(eps, share, share, w);
  const RowVector<T> weighted = share.cwiseProduct(log_p);
  ElboTerms<T> terms{by_image(weighted, n).rowwise().sum().transpose(), {}};
  terms.kl = terms.reconstruction - bound;
  return terms;
}
// [flow-vae-backward]

template <class T>
std::vector<LayerGradient<T>> FlowVae<T>::gradients(const Matrix<T>& x, const Workspace& w) const {
  std::vector<LayerGradient<T>> all;
  encoder_.gradients(x, w.encoder, w.encoder_errors, all);
  flow_.gradients(w.flow, all);
  decoder_.gradients(w.z, w.decoder, w.decoder_errors, all);
  return all;
}

template class FlowVae<float>;
template class FlowVae<double>;

}  // namespace elbo
