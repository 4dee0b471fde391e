// A VAE on a budget. The check trains a VAE with the settings that you choose, on 2,000 of the
// digits that the book draws, and measures the ELBO on 1,000 others, in nats a picture
//                                                                      eq:elbo-reconstruction-kl
//
// THE GOAL: a test ELBO of -108 or more.
// THE BUDGET: parameters x epochs x draws (training.samples), at most 6,600,000.
//
// The defaults just fit, with 652,825 parameters, 10 epochs and 1 draw. They reach -143; with
// four times the budget, -111.5. All is yours to choose, except what would make it another
// contest: the likelihood stays Bernoulli and the pixels are 784; the check sets both seeds.
//
// The three arguments come with the library's defaults:
//   model      hidden {400}, latent 20, activation relu
//   training   epochs 10, batch 128, samples 1, schedule constant, weights {1, 1}, warm_up 0, ...
//   adam       learning_rate 0.001, beta1 0.9, beta2 0.999
// Change what you like, as in model.hidden = {300}, or training.schedule = elbo::Schedule::cosine.
// vae.hpp, trainer.hpp and adam.hpp in src/elbo have them all. A training takes a few seconds.
#include "elbo/trainer.hpp"

void small_vae(elbo::VaeOptions& model, elbo::TrainingOptions& training, elbo::AdamOptions& adam) {
  // --- Your turn ---
  (void)model, (void)training, (void)adam;
}
