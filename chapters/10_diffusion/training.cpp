// Chapter 10: what the plane and the digits share besides the chain: training, and a distance
// between clouds.
#include <cstdio>

#include "elbo/energy_distance.hpp"
#include "elbo/trainer.hpp"
#include "sections.hpp"

namespace chapter {

using elbo::Index;
using elbo::Matrix;

elbo::Average distance(const Matrix<float>& x, const Matrix<float>& y, int blocks,
                       elbo::Threads& threads) {
  std::vector<double> values(static_cast<std::size_t>(blocks));
  const Index n = x.cols() / blocks, m = y.cols() / blocks;
  threads.run(blocks, [&](int b) {
    values[static_cast<std::size_t>(b)] =
        elbo::energy_distance(x.middleCols(b * n, n), y.middleCols(b * m, m));
  });
  return elbo::Average(values);
}

void train_with_progress(const Run& run, const std::string& name, elbo::Denoiser<float>& denoiser,
                         const Matrix<float>& x, int epochs) {
  elbo::Adam<float> adam(denoiser.parameters.size(), {.learning_rate = 2e-3});
  const elbo::TrainingOptions options{.epochs = epochs,
                                      .batch = run.quick ? 128 : 256,
                                      .seed = run.seed,
                                      .schedule = elbo::Schedule::cosine};
  const auto data = elbo::DataSource<float>::from(x);
  elbo::Trainer<float, elbo::Denoiser> trainer(denoiser, adam, options, run.threads);
  trainer.train(data, [&](const elbo::Epoch& e) {
    char note[100];
    std::snprintf(note, sizeof(note), "ELBO about %.2f  (%.2f s)", e.elbo(), e.seconds);
    run.report.progress(name, e.number, epochs, note);
  });
}

}  // namespace chapter
