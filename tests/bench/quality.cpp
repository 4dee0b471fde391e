// Time to a quality: how long training takes until the test set is as likely as a published
// implementation reports after 65,000 steps, log p(x) = -97.10 nats on static binarised MNIST.
#include <algorithm>
#include <cmath>
#include <vector>

#include "elbo/estimators.hpp"
#include "elbo/trainer.hpp"
#include "sections.hpp"

namespace bench {
namespace {

using elbo::Index;

// Chosen on the validation images, which stand in neither part: the test set decides nothing.
struct Recipe {
  std::vector<Index> hidden = {300, 300};
  Index latent = 40;
  elbo::Activation activation = elbo::Activation::tanh;
  Index batch = 100;
  int epochs = 11, decay = 3;  // the last `decay` of them go down to last_rate
  double first_rate = 2e-3, last_rate = 5e-4;

  /// Adam's learning rate in epoch 1, 2, ... epochs.
  double rate(int epoch) const {
    const double down = std::max(0.0, double(epoch - (epochs - decay)) / decay);
    return first_rate * std::pow(last_rate / first_rate, down);
  }
};

constexpr double target = -97.10;

}  // namespace

void quality(const Run& run) {
  const Recipe recipe;
  const elbo::Dataset data = run.load("binarized-mnist");
  elbo::Vae<float> vae({.pixels = data.train.dimension(),
                        .hidden = recipe.hidden,
                        .latent = recipe.latent,
                        .activation = recipe.activation},
                       run.seed);
  elbo::Adam<float> adam(vae.parameters.size(), {.learning_rate = recipe.rate(1)});
  double seconds = 0;
  elbo::train(vae, adam, elbo::DataSource<float>::from(data.train),
              {.epochs = recipe.epochs, .batch = recipe.batch, .seed = run.seed}, run.threads,
              [&](const elbo::Epoch& e) {
                seconds += e.seconds;
                adam.options.learning_rate = recipe.rate(e.number + 1);
              });
  run.results.number("/quality/seconds", seconds);
  run.results.number("/quality/epochs", recipe.epochs);

  constexpr int samples = 1000;
  const auto test = elbo::DataSource<float>::from(data.test);
  const elbo::EvidenceEstimate e =
      elbo::log_evidence(vae, test, data.test.count, samples, run.seed, run.threads);
  run.results.number("/quality/test_log_evidence", e.log_evidence);
  run.results.number("/quality/monte_carlo_error", e.monte_carlo_error);
  run.results.number("/quality/samples", samples);
  run.results.number("/quality/target", target);
  run.results.flag("/quality/reached", e.log_evidence >= target);
}

}  // namespace bench
