// Chapter 5: "MSE + KL" is a Gaussian decoder of variance 1, and that 1 is a choice. Let the model
// choose instead.
#include <algorithm>
#include <cmath>

#include "elbo/estimators.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Vae;

// Mean squared error a pixel, with codes drawn from q(z | x) as in training.
double squared_error(const Run& run, const Vae<float>& vae, const elbo::Images& images) {
  constexpr Index width = 500;
  double sum = 0;
  for (Index first = 0; first < images.count; first += width) {
    const Index n = std::min(width, images.count - first);
    const Matrix<float> x = images.block<float>(first, n);
    const elbo::Random random(run.seed, elbo::Stream::play,
                              500 + static_cast<std::uint64_t>(first));
    const Matrix<float> z = vae.encode(x).rsample(random.normal<float>(vae.latent(), n));
    sum += static_cast<double>((x - vae.decode(z)).squaredNorm());
  }
  return sum / static_cast<double>(images.count * images.dimension());
}

// Variance of a pixel around its own mean, averaged over pixels; never quite 0, for its logarithm.
double data_variance(const elbo::Images& images) {
  elbo::Vector<double> sum = elbo::Vector<double>::Zero(images.dimension()), squares = sum;
  for (Index i = 0; i < images.count; ++i) {
    const Matrix<double> x = images.block<double>(i, 1);
    sum += x;
    squares += x.cwiseAbs2();
  }
  const double n = static_cast<double>(images.count);
  return std::max(1e-6, (squares / n - (sum / n).cwiseAbs2()).mean());
}

}  // namespace

void gaussian_decoders(const Run& run) {
  const elbo::Images train = run.data.train.first(run.quick ? 5000 : 20000);
  const auto test = elbo::DataSource<float>::from(run.data.test);
  // Small batches and a brisk learning rate: the variance must fall a long way, and Adam moves a
  // parameter by at most about one learning rate a step.
  const double spread = data_variance(train);
  const auto fit = [&](elbo::Likelihood likelihood) {
    Vae<float> vae({.pixels = train.dimension(),
                    .hidden = {400},
                    .latent = 20,
                    .likelihood = likelihood,
                    .log_variance = std::log(spread)},
                   run.seed);
    const elbo::TrainingOptions training{.epochs = 6, .batch = 32, .seed = run.seed};
    train_with_progress(run, to_string(likelihood), vae, train, training, {},
                        {.learning_rate = run.quick ? 4e-3 : 2e-3});
    return vae;
  };
  const Vae<float> fixed = fit(elbo::Likelihood::gaussian);
  const Vae<float> learned = fit(elbo::Likelihood::gaussian_learned);

  // dELBO/dv = 0 where e^v is the mean squared error: the model measures its own blur.
  const double variance = std::exp(static_cast<double>(learned.log_variance()));
  const double error = squared_error(run, learned, train);
  const elbo::ElboEstimate a = elbo::elbo(fixed, test, 1, run.seed, run.threads);
  const elbo::ElboEstimate b = elbo::elbo(learned, test, 1, run.seed, run.threads);
  if (run.on_digits()) {
    run.report.claim("eq:learned-variance",
                     "learned variance over mean squared error a pixel, training nearly at rest", 1,
                     variance / error, 0.1);
    run.report.claim_at_least("eq:variance-is-a-choice",
                              "learning the variance gains more than 100 nats of ELBO", 100,
                              b.elbo() - a.elbo());
  }
  run.report.result("gaussian_variance_over_error", variance / error);
  run.report.result("gaussian_fixed_elbo", a.elbo());
  run.report.result("gaussian_fixed_kl", a.kl);
  run.report.result("gaussian_fixed_mse", squared_error(run, fixed, run.data.test));
  run.report.result("gaussian_learned_elbo", b.elbo());
  run.report.result("gaussian_learned_kl", b.kl);
  run.report.result("gaussian_learned_mse", squared_error(run, learned, run.data.test));
  run.report.result("gaussian_learned_scale", std::sqrt(variance));
}

}  // namespace chapter
