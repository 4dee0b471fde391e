// Chapter 5: the training loop as its reader watches it.
#include <cstdio>

#include "sections.hpp"

namespace chapter {

elbo::OnEpoch with_progress(const Run& run, const std::string& name, int epochs,
                            const elbo::OnEpoch& on_epoch) {
  return [&run, name, epochs, on_epoch](const elbo::Epoch& e) {
    if (on_epoch) on_epoch(e);
    char note[100];
    std::snprintf(note, sizeof(note), "ELBO %.2f = %.2f - KL %.2f  (%.2f s)", e.elbo(),
                  e.reconstruction, e.kl, e.seconds);
    run.report.progress(name, e.number, epochs, note);
  };
}

void train_with_progress(const Run& run, const std::string& name, elbo::Vae<float>& vae,
                         const elbo::Images& images, const elbo::TrainingOptions& options,
                         const elbo::OnEpoch& on_epoch, elbo::AdamOptions adam_options) {
  elbo::Adam<float> adam(vae.parameters.size(), adam_options);
  const auto data = elbo::DataSource<float>::from(images);
  train(vae, adam, data, options, run.threads, with_progress(run, name, options.epochs, on_epoch));
}

}  // namespace chapter
