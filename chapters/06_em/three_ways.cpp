// Chapter 6, section 3: probabilistic PCA three ways. The closed form knows the answer, EM climbs
// to it, and a VAE without hidden layers is led there by noisy gradients, encoder included.
#include <algorithm>
#include <cmath>

#include "elbo/ppca.hpp"
#include "elbo/trainer.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Ppca;
using elbo::Vae;
using elbo::Vector;

// Samples of a model whose d directions have scales 3, ..., 1.5, well apart from each other.
Matrix<double> make_data(const PpcaOptions& o, Index n, std::uint64_t seed) {
  const elbo::Random random(seed, elbo::Stream::data, 2);
  const Index dimension = o.dimension, d = o.latent;
  Matrix<double> weight = random.normal<double>(dimension, d);
  for (Index j = 0; j < d; ++j) {
    for (Index i = 0; i < j; ++i) weight.col(j) -= weight.col(i).dot(weight.col(j)) * weight.col(i);
    weight.col(j).normalize();
  }
  for (Index j = 0; j < d; ++j) {
    const double along = d > 1 ? static_cast<double>(j) / static_cast<double>(d - 1) : 0.0;
    weight.col(j) *= (3.0 - 1.5 * along) * std::max(1.0, o.noise_scale);
  }
  const Vector<double> mean = random.normal<double>(dimension, 1, 1 << 20);
  const Matrix<double> z = random.normal<double>(d, n, 1 << 21);
  const Matrix<double> eps = random.normal<double>(dimension, n, std::uint64_t{1} << 32);
  return ((weight * z + o.noise_scale * eps).colwise() + mean);
}

double mean_log_evidence(const Ppca& model, const Matrix<double>& x) {
  return model.log_evidence(x).mean();
}

// [em]
// EM until the weights have settled. Its steps shrink by a constant factor, near 1 where the noise
// is small against the signal.
Ppca fit_by_em(const Matrix<double>& x, Index d, std::uint64_t seed, std::vector<double>& path) {
  Ppca model{elbo::Random(seed, elbo::Stream::parameters).normal<double>(x.rows(), d),
             x.rowwise().mean(), 1.0};
  for (int iteration = 0; iteration < 20000; ++iteration) {
    if (iteration < 200) path.push_back(mean_log_evidence(model, x));
    const Ppca next = elbo::ppca_em_step(model, x);
    const double moved = (next.weight - model.weight).cwiseAbs().maxCoeff();
    model = next;
    if (moved < 1e-10 * model.weight.cwiseAbs().maxCoeff()) break;
  }
  return model;
}
// [em]

// A VAE without hidden layers is this model: the decoder's weight, bias and variance.
Ppca decoder_of(const Vae<double>& vae) {
  Ppca model;
  for (const auto& [name, slice] : vae.layout().slices()) {
    if (name == "decoder.0.weight") model.weight = slice.in(vae.parameters);
    if (name == "decoder.0.bias") model.mean = slice.in(vae.parameters).col(0);
  }
  model.noise_variance = std::exp(vae.log_variance());
  return model;
}

// [linear-vae]
// Adam, its learning rate falling to 0 along half a cosine: noise dies out and the end is sharp.
Vae<double> fit_by_gradients(const Matrix<double>& x, Index d, int epochs, std::uint64_t seed,
                             std::vector<double>& path) {
  Vae<double> vae({.pixels = x.rows(),
                   .hidden = {},
                   .latent = d,
                   .likelihood = elbo::Likelihood::gaussian_learned},
                  seed);
  constexpr double fastest = 0.01;
  elbo::Adam<double> adam(vae.parameters.size(), {.learning_rate = fastest});
  elbo::Threads alone(1);  // a step is shorter than it would take to wake a second thread
  const elbo::TrainingOptions options{.epochs = epochs, .batch = 200, .seed = seed};
  const auto data = elbo::DataSource<double>::from(x);
  path.push_back(mean_log_evidence(decoder_of(vae), x));
  train(vae, adam, data, options, alone, [&](const elbo::Epoch& e) {
    adam.options.learning_rate = fastest * 0.5 * (1 + std::cos(M_PI * e.number / epochs));
    if (e.number < 200) path.push_back(mean_log_evidence(decoder_of(vae), x));
  });
  return vae;
}
// [linear-vae]

// How far the encoder is from the exact posterior of its own decoder. `slack`: what noisy steps may
// leave undone, nats a sample.
void compare_encoder(elbo::Report& report, const Vae<double>& vae, const Matrix<double>& x,
                     double slack) {
  const Ppca model = decoder_of(vae);
  const elbo::DiagonalNormal<double> q = vae.encode(x);
  const Matrix<double> exact = model.posterior_mean(x), covariance = model.posterior_covariance();
  const Vector<double> variance = covariance.diagonal(), scale = variance.cwiseSqrt();

  const double off = (scale.cwiseInverse().asDiagonal() * (q.mean - exact)).cwiseAbs().mean();
  report.claim("eq:linear-vae-mean",
               "encoder mean - posterior mean, in posterior scales, on average", 0, off, 0.1);
  const Vector<double> encoder_variance = q.log_variance.array().exp().rowwise().mean();
  report.claim("eq:linear-vae-variance", "encoder variance over diag(noise_variance M^-1), worst",
               0, (encoder_variance.array() / variance.array()).log().abs().maxCoeff(), 0.1);

  // The gap, exactly: the posterior is full, q is diagonal. It closes as training turns the axes of
  // the code until the posterior is diagonal too (Lucas et al. 2019).
  const Index n = 200;
  const Matrix<double> some = x.leftCols(n);
  double kl = 0;
  for (Index i = 0; i < n; ++i) {
    const Matrix<double> diagonal = q.log_variance.col(i).array().exp().matrix().asDiagonal();
    kl += kl_divergence(elbo::Normal<double>(q.mean.col(i), diagonal),
                        elbo::Normal<double>(exact.col(i), covariance)) /
          static_cast<double>(n);
  }
  const double log_evidence = mean_log_evidence(model, some);
  const double bound = model.elbo(some, {q.mean.leftCols(n), q.log_variance.leftCols(n)}).mean();
  report.claim("eq:linear-vae-gap",
               "its ELBO = its own log p(x) - KL(q || posterior), closed forms", log_evidence - kl,
               bound, 1e-9 * std::max(1.0, std::abs(bound)));
  report.claim_at_most("eq:linear-vae-touches", "and that KL has nearly closed: 2 % of the gain",
                       slack, kl);
  report.result("linear_vae_gap", kl);
  Matrix<double> correlation =
      scale.cwiseInverse().asDiagonal() * covariance * scale.cwiseInverse().asDiagonal();
  correlation.diagonal().setZero();
  report.result("linear_vae_largest_correlation", correlation.cwiseAbs().maxCoeff());

  const Index shown = std::min<Index>(300, x.cols());
  const auto row = [shown](const Matrix<double>& m) {
    return std::vector<double>(m.row(0).begin(), m.row(0).begin() + shown);
  };
  report.csv("linear_vae_encoder", {{"posterior_mean", row(exact)}, {"encoder_mean", row(q.mean)}});
}

std::vector<double> count(std::size_t n) {
  std::vector<double> numbers(n);
  for (std::size_t i = 0; i < n; ++i) numbers[i] = static_cast<double>(i);
  return numbers;
}

}  // namespace

void three_ways(elbo::Report& report, const PpcaOptions& options, std::uint64_t seed, bool quick) {
  const Index n = 2000, d = options.latent;
  // In units of its own spread, so that one learning rate suits all data.
  Matrix<double> x = make_data(options, n, seed);
  const Vector<double> centre = x.rowwise().mean();
  x /= std::sqrt((x.colwise() - centre).squaredNorm() / static_cast<double>(x.size()));

  const Ppca closed = elbo::ppca_maximum_likelihood(x, d);
  std::vector<double> em_path, vae_path;
  const Ppca em = fit_by_em(x, d, seed, em_path);
  const Vae<double> vae = fit_by_gradients(x, d, quick ? 800 : 3000, seed, vae_path);

  const double best = mean_log_evidence(closed, x), by_em = mean_log_evidence(em, x);
  const double slack = 0.02 * (best - vae_path.front());  // 2 % of what there was to gain
  const double by_vae = mean_log_evidence(decoder_of(vae), x);
  report.result("log_likelihood_closed_form", best);
  report.result("log_likelihood_em", by_em);
  report.result("log_likelihood_vae", by_vae);
  report.claim("eq:ppca-em", "EM ends at the closed form's log-likelihood, nats a sample", best,
               by_em, 1e-6);
  report.claim_at_least("eq:linear-vae", "so does the VAE, by noisy gradients: 98 % of the gain",
                        best, by_vae, slack);
  report.claim_at_most("eq:ppca-maximum-likelihood", "and neither goes beyond it", best,
                       std::max(by_em, by_vae), 1e-9);
  report.claim("eq:ppca-noise", "noise variance: EM = mean of the D - d smallest eigenvalues",
               closed.noise_variance, em.noise_variance, 1e-5 * closed.noise_variance);
  compare_encoder(report, vae, x, slack);
  report.csv("ppca_em", {{"iteration", count(em_path.size())}, {"log_likelihood", em_path}});
  report.csv("ppca_vae", {{"epoch", count(vae_path.size())}, {"log_likelihood", vae_path}});
}

}  // namespace chapter
