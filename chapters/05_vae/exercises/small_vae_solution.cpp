// Two thousand digits cannot use 400 hidden units. A third of them pays for three times the epochs;
// small batches turn those into many steps, long ones first and short ones last.
#include "elbo/trainer.hpp"

void small_vae(elbo::VaeOptions& model, elbo::TrainingOptions& training, elbo::AdamOptions& adam) {
  model.hidden = {130};
  model.latent = 16;
  training.epochs = 30;
  training.batch = 16;
  training.schedule = elbo::Schedule::cosine;
  adam.learning_rate = 0.005;
}
