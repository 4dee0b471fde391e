// log p(x) by importance sampling: the costliest thing the book does.
#include <algorithm>

#include "elbo/estimators.hpp"
#include "elbo/trainer.hpp"
#include "sections.hpp"
#include "timing.hpp"

namespace bench {

void evidence(const Run& run) {
  constexpr double images_wanted = 10000;
  constexpr int samples = 5000;
  const elbo::Dataset data = run.load(run.data);
  const auto test = elbo::DataSource<float>::from(data.test);

  // Trained for a moment: with the weights of the start, exp() would see no large numbers.
  elbo::Vae<float> vae(model(data.train.dimension()), run.seed);
  elbo::Adam<float> adam(vae.parameters.size());
  elbo::train(vae, adam, elbo::DataSource<float>::from(data.train), {.epochs = 1, .seed = run.seed},
              run.threads);

  const auto measure = [&](elbo::Index count, int k) {
    return seconds([&] { elbo::log_evidence(vae, test, count, k, run.seed, run.threads); });
  };
  const elbo::Index few = std::max<elbo::Index>(run.threads.count(), data.train.count / 600);
  measure(run.threads.count(), samples);  // warms up
  const double took = measure(few, samples);
  const double pairs = static_cast<double>(few) * samples / took;
  run.results.number("/log_evidence/samples", samples);
  run.results.number("/log_evidence/pairs_per_second", pairs);
  run.results.number("/log_evidence/projected_seconds", images_wanted * samples / pairs);
  if (!run.quick && data.test.count == 10000) {
    run.results.number("/log_evidence/seconds", measure(data.test.count, samples));
  }
}

}  // namespace bench
