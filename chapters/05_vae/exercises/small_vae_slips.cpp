#include "elbo/trainer.hpp"
#include "slip.hpp"

void small_vae(elbo::VaeOptions& model, elbo::TrainingOptions& training, elbo::AdamOptions& adam) {
  if (slip() == 1) return;  // the defaults: the obvious first try
  model.hidden = {130};
  model.latent = slip() == 6 ? 2 : 16;
  training.epochs = slip() == 2 ? 60 : 30;
  training.batch = 16;
  training.schedule = elbo::Schedule::cosine;
  adam.learning_rate = slip() == 5 ? 1 : 0.005;
  if (slip() == 3) model.likelihood = elbo::Likelihood::gaussian_learned;
  if (slip() == 4) training.weights.kl = 0.1;
}
