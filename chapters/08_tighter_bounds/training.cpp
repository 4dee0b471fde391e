// Chapter 8: how each of the chapter's models on images is trained.
#include "sections.hpp"

namespace chapter {

elbo::Vae<float> fit(const Run& run, const elbo::VaeOptions& model, const elbo::Images& images,
                     elbo::TrainingOptions training) {
  training.seed = run.seed();
  training.schedule = elbo::Schedule::cosine;
  elbo::Vae<float> vae(model, run.seed());
  elbo::Adam<float> adam(vae.parameters.size(), {.learning_rate = 4e-3});
  train(vae, adam, elbo::DataSource<float>::from(images), training, run.threads);
  return vae;
}

}  // namespace chapter
