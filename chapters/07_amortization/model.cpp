// Chapter 7: the trained model.
#include <algorithm>
#include <cstdio>

#include "elbo/trainer.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;

// Pixels at least half white become white, the rest black.
elbo::Images black_and_white(elbo::Images images) {
  for (std::uint8_t& pixel : images.pixels) pixel = pixel >= 128 ? 255 : 0;
  return images;
}

}  // namespace

// [train]
Trained train_model(const Run& run, const ChapterOptions& o, const elbo::Dataset& data) {
  const elbo::Images train = black_and_white(data.train.first(o.train));
  const elbo::Images unseen = black_and_white(data.test.first(o.images));
  const bool digits =
      data.name == "digits" || data.name == "mnist" || data.name == "binarized-mnist";
  // A smooth activation: quadrature and Hamiltonian paths like no corners.
  Trained trained{{{.pixels = train.dimension(),
                    .hidden = {o.hidden},
                    .latent = 2,
                    .activation = elbo::Activation::tanh},
                   run.seed},
                  train,
                  train.block<float>(0, std::min<Index>(o.images, train.count)),
                  unseen.block<float>(0, unseen.count),
                  digits};
  elbo::Adam<float> adam(trained.vae.parameters.size(), {.learning_rate = 2e-3});
  const elbo::TrainingOptions how{
      .epochs = o.epochs, .seed = run.seed, .schedule = elbo::Schedule::cosine};
  const auto source = elbo::DataSource<float>::from(train);
  elbo::train(trained.vae, adam, source, how, run.threads, [&](const elbo::Epoch& e) {
    char note[100];
    std::snprintf(note, sizeof(note), "ELBO %.2f = %.2f - KL %.2f", e.elbo(), e.reconstruction,
                  e.kl);
    run.report.progress("training", e.number, o.epochs, note);
  });
  return trained;
}
// [train]

}  // namespace chapter
