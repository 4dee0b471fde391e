#include "program.hpp"

#include <cmath>

namespace chapter {

using elbo::Vector;

Program::Program(const Exhibit& exhibit, const Model& model, std::uint64_t seed)
    : exhibit_(exhibit),
      model_(model),
      encoder_(layout_, "encoder", {model.pixels, model.hidden, 2 * model.latent},
               elbo::Activation::relu),
      decoder_(layout_, "decoder", {model.latent, model.hidden, model.pixels},
               elbo::Activation::relu),
      log_variance_(layout_.add("decoder.log_variance", 1, 1)),
      m_(Vector<double>::Zero(layout_.size())),
      v_(m_),
      moving_(layout_.size()) {
  parameters = gradient = m_;
  const elbo::Random random(seed, elbo::Stream::parameters);
  encoder_.initialise(parameters, random);
  decoder_.initialise(parameters, random);
  log_variance_.in(parameters)(0, 0) = exhibit.log_variance;
  encoder_errors_.resize(2), decoder_errors_.resize(2);
}

Row Program::forward_and_back(const Matrix& x, const Matrix& eps) {
  encoder_.forward(parameters, x, encoded_);  // the mean stacked on the log-variance
  gradient.setZero();
  const Row logged = exhibit_.parts.draws == 1 ? one_draw(x, eps) : many_draws(x, eps);
  back(x);
  return logged;
}

// [one-draw]
Row Program::one_draw(const Matrix& x, const Matrix& eps) {
  const Parts& part = exhibit_.parts;
  const Index d = model_.latent, n = x.cols();
  const Code q{encoded_.back().topRows(d), encoded_.back().bottomRows(d)};

  // Forward.
  const Sample sample = part.sample(q, eps);
  decoder_.forward(parameters, z_ = sample.z, decoded_);
  const Score score = part.score(x, decoded_.back(), log_variance());
  const Divergence kl = part.divergence(q);

  // Back: the loss is -(score - kl), averaged over the images.
  decoder_errors_.back() = -score.d_eta / static_cast<double>(n);
  decoder_.backward(parameters, decoded_, decoder_errors_, &dz_);
  encoder_errors_.back().resize(2 * d, n);
  encoder_errors_.back() << dz_ + kl.d_mean / n,
      dz_.cwiseProduct(sample.dz_dlog_variance) + kl.d_log_variance / n;
  log_variance_.in(gradient)(0, 0) = -score.d_log_variance.mean();
  return score.log_prob - kl.value;
}
// [one-draw]

// [many-draws]
// k codes an image: log w = log p(x | z) + log p(z) - log q(z | x), of which the last two are
// (eps^2 + log_variance - z^2) / 2, summed over the code.
Row Program::many_draws(const Matrix& x, const Matrix& eps) {
  const Parts& part = exhibit_.parts;
  const Index d = model_.latent, n = x.cols(), k = part.draws;
  const Code q{encoded_.back().topRows(d).replicate(1, k),
               encoded_.back().bottomRows(d).replicate(1, k)};

  // Forward.
  const Sample sample = part.sample(q, eps);
  decoder_.forward(parameters, z_ = sample.z, decoded_);
  const Score score = part.score(x.replicate(1, k), decoded_.back(), log_variance());
  const Matrix rest = eps.array().square() + q.log_variance.array() - z_.array().square();
  const Row log_weight = score.log_prob + 0.5 * rest.colwise().sum();
  const Bound bound = part.bound(log_weight.reshaped(n, k).transpose());

  // Back: every draw by its weight in the bound; the weights of an image add up to 1.
  const Matrix by_image = bound.weight.transpose() / static_cast<double>(n);  // n x k
  const Row weight = by_image.reshaped().transpose();
  decoder_errors_.back() = -score.d_eta * weight.asDiagonal();
  decoder_.backward(parameters, decoded_, decoder_errors_, &dz_);
  dz_ += z_ * weight.asDiagonal();
  const Matrix d_log_variance = dz_.cwiseProduct(sample.dz_dlog_variance);
  Matrix& d_code = encoder_errors_.back() = Matrix::Zero(2 * d, n);
  for (Index draw = 0; draw < k; ++draw) {
    d_code.topRows(d) += dz_.middleCols(draw * n, n);
    d_code.bottomRows(d) += d_log_variance.middleCols(draw * n, n);
  }
  d_code.bottomRows(d).array() -= 0.5 / static_cast<double>(n);
  log_variance_.in(gradient)(0, 0) = -score.d_log_variance.dot(weight);
  return bound.value;
}
// [many-draws]

void Program::back(const Matrix& x) {
  encoder_.backward<double>(parameters, encoded_, encoder_errors_, nullptr);
  std::vector<elbo::LayerGradient<double>> layers;
  encoder_.gradients(x, encoded_, encoder_errors_, layers);
  if (moving_ == parameters.size()) decoder_.gradients(z_, decoded_, decoder_errors_, layers);
  for (const elbo::LayerGradient<double>& layer : layers) layer.add_to(gradient);
}

// [museum-adam]
Row Program::step(const Matrix& x, const Matrix& eps) {
  const Row logged = forward_and_back(x, eps);
  const auto g = gradient.head(moving_).array();
  auto m = m_.head(moving_).array(), v = v_.head(moving_).array();
  m += (1 - beta1) * (g - m);
  v += (1 - beta2) * (g.square() - v);
  const Correction by = exhibit_.parts.correction(++t_);
  parameters.head(moving_).array() -=
      model_.learning_rate * (m / by.m) / ((v / by.v).sqrt() + 1e-8);
  return logged;
}
// [museum-adam]

void Program::keep_decoder(const Vector<double>& of) {
  moving_ = decoder_.layers().front().weight.offset;
  parameters.tail(parameters.size() - moving_) = of.tail(parameters.size() - moving_);
}

elbo::Vae<double> Program::read_right() const {
  elbo::Vae<double> vae({.pixels = model_.pixels,
                         .hidden = {model_.hidden},
                         .latent = model_.latent,
                         .likelihood = exhibit_.truth},
                        0);
  vae.parameters = parameters;
  return vae;
}

}  // namespace chapter
