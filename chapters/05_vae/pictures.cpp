// Chapter 5: what the model has learned, as pictures. Everything decoded here is a decoder MEAN,
// the expected grey of each pixel; a draw of pixels around it would be speckled.
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "elbo/picture.hpp"
#include "sections.hpp"

namespace chapter {

using elbo::Index;
using elbo::Matrix;

void draw_pictures(const Run& run, const elbo::Vae<float>& vae) {
  const elbo::Images& test = run.data.test;
  const Index rows = test.rows, cols = test.cols;
  const Matrix<float> x = test.block<float>(0, std::min<Index>(20, test.count));
  const Matrix<float> codes = vae.encode(x).mean;

  // [reconstruct]
  // Every digit above its reconstruction from the mean of q(z | x).
  Matrix<float> pairs(x.rows(), 2 * x.cols());
  pairs << x, vae.decode_mean(codes);
  // [reconstruct]
  run.report.sheet("reconstructions", pairs, rows, cols, x.cols());

  // [sample]
  // Codes from the prior, decoded.
  const elbo::Random random(run.seed, elbo::Stream::prior);
  const Matrix<float> samples = vae.decode_mean(random.normal<float>(vae.latent(), 100));
  // [sample]
  run.report.sheet("samples", samples, rows, cols, 20);
  if (isatty(STDOUT_FILENO) != 0) {
    run.report.say("\nnew digits, from codes drawn from the prior:");
    run.report.say(terminal_picture(elbo::tile(samples.leftCols(5), rows, cols, 5)));
  }

  // [interpolate]
  // From the code of one digit to that of the next, in ten straight steps.
  constexpr Index steps = 11;
  Matrix<float> path(vae.latent(), 5 * steps);
  for (Index pair = 0; pair < 5; ++pair) {
    for (Index s = 0; s < steps; ++s) {
      const float t = static_cast<float>(s) / (steps - 1);
      path.col(pair * steps + s) = (1 - t) * codes.col(2 * pair) + t * codes.col(2 * pair + 1);
    }
  }
  // [interpolate]
  run.report.sheet("interpolation", vae.decode_mean(path), rows, cols, steps);
}

void train_with_progress(const Run& run, const std::string& name, elbo::Vae<float>& vae,
                         const elbo::Images& images, const elbo::TrainingOptions& options,
                         const elbo::OnEpoch& on_epoch, elbo::AdamOptions adam_options) {
  elbo::Adam<float> adam(vae.parameters.size(), adam_options);
  const auto data = elbo::DataSource<float>::from(images);
  train(vae, adam, data, options, run.threads, [&](const elbo::Epoch& e) {
    if (on_epoch) on_epoch(e);
    char note[100];
    std::snprintf(note, sizeof(note), "ELBO %.2f = %.2f - KL %.2f  (%.2f s)", e.elbo(),
                  e.reconstruction, e.kl, e.seconds);
    run.report.progress(name, e.number, options.epochs, note);
  });
}

}  // namespace chapter
