// Two kinds of VAE under one set of names: what an encoder answers, copied, drawn from, scored.
#pragma once

#include <cstdio>
#include <string>

#include "elbo/trainer.hpp"
#include "sections.hpp"

namespace chapter {

/// The posterior of one image n times over.
inline elbo::DiagonalNormal<float> copies(const elbo::DiagonalNormal<float>& q, elbo::Index n) {
  return {q.mean.replicate(1, n), q.log_variance.replicate(1, n)};
}
inline elbo::Matrix<float> copies(const elbo::Matrix<float>& code, elbo::Index n) {
  return code.replicate(1, n);
}

/// Codes from q, d x n.
inline elbo::Matrix<float> draw(const elbo::Vae<float>&, const elbo::DiagonalNormal<float>& q,
                                const elbo::Matrix<float>& eps) {
  return q.rsample(eps);
}
inline elbo::Matrix<float> draw(const elbo::FlowVae<float>& vae, const elbo::Matrix<float>& code,
                                const elbo::Matrix<float>& eps) {
  elbo::RowVector<float> log_q;
  return vae.rsample(code, eps, log_q);
}

/// log q(z | x), 1 x n.
inline elbo::RowVector<float> log_q(const elbo::Vae<float>&, const elbo::DiagonalNormal<float>& q,
                                    const elbo::Matrix<float>& z) {
  return q.log_prob(z);
}
inline elbo::RowVector<float> log_q(const elbo::FlowVae<float>& vae,
                                    const elbo::Matrix<float>& code, const elbo::Matrix<float>& z) {
  return vae.log_prob(code, z);
}

/// Digits: what training reaches on them is claimed. On the reader's own pictures it is only
/// reported.
inline bool on_digits(const elbo::Dataset& data) {
  return data.name == "digits" || data.name == "mnist" || data.name == "binarized-mnist";
}

/// Adam with its defaults down half a cosine, a progress line for each epoch.
template <template <class> class Model>
void train_with_progress(const Run& run, const std::string& name, Model<float>& vae,
                         const elbo::Images& images, int epochs) {
  elbo::Adam<float> adam(vae.parameters.size());
  const auto data = elbo::DataSource<float>::from(images);
  const elbo::TrainingOptions options{
      .epochs = epochs, .seed = run.seed, .schedule = elbo::Schedule::cosine};
  train(vae, adam, data, options, run.threads, [&](const elbo::Epoch& e) {
    char note[100];
    std::snprintf(note, sizeof(note), "ELBO %.2f = %.2f - KL %.2f  (%.2f s)", e.elbo(),
                  e.reconstruction, e.kl, e.seconds);
    run.report.progress(name, e.number, epochs, note);
  });
}

}  // namespace chapter
