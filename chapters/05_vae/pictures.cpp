// Chapter 5: what the model has learned, as pictures. Everything decoded here is a decoder MEAN,
// the expected grey of each pixel; a draw of pixels around it would be speckled.
#include <unistd.h>

#include <algorithm>

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
    run.report.say(terminal_picture(elbo::tile(samples.leftCols(2), rows, cols, 2)));
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

}  // namespace chapter
