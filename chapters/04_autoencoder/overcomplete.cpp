// Chapter 4, section 5: does it prove a structure if x can be had back from z? Give the code more
// numbers than the picture has, and everything can be had back, noise included.
#include <algorithm>
#include <cmath>

#include "elbo/statistics.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Average;
using elbo::Index;
using elbo::Matrix;
using elbo::Vector;

// Pictures of half the height and width, four pixels averaged into one: so that a code wider than
// the picture is no matter of patience.
Matrix<float> halved(const Matrix<float>& x, Index rows, Index cols) {
  Matrix<float> small(rows / 2 * (cols / 2), x.cols());
  for (Index i = 0; i < small.rows(); ++i) {
    const Index first = i / (cols / 2) * 2 * cols + i % (cols / 2) * 2;
    small.row(i) =
        0.25f * (x.row(first) + x.row(first + 1) + x.row(first + cols) + x.row(first + cols + 1));
  }
  return small;
}

// The share of the pictures' spread around their mean that does not come back.
double lost(const elbo::Autoencoder<float>& model, const Matrix<float>& x) {
  const Vector<float> mean = x.rowwise().mean();
  const double spread = Average(numbers((x.colwise() - mean).colwise().squaredNorm())).mean;
  return Average(numbers(model.squared_error(x))).mean / spread;
}

}  // namespace

void overcomplete(const Run& run) {
  const Index rows = run.data.test.rows, cols = run.data.test.cols;
  const Index most = std::min<Index>(run.quick ? 3000 : 5000, run.train.cols());
  const Matrix<float> digits = halved(run.train.leftCols(most), rows, cols);
  const Matrix<float> test =
      halved(run.test.leftCols(std::min<Index>(1000, run.test.cols())), rows, cols);
  const Index pixels = digits.rows(), wide = pixels * 3 / 2,
              narrow = std::max<Index>(1, pixels / 6);

  // [noise]
  // Pictures without any structure: every pixel uniform, and none knows of another.
  const elbo::Random random(run.seed, elbo::Stream::play, 2);
  const Matrix<float> noise = random.uniform<float>(pixels, most);
  const Matrix<float> fresh_noise =
      random.uniform<float>(pixels, test.cols(), std::uint64_t{1} << 32);
  const auto on_digits = fit_autoencoder(run, "over-complete, digits", digits, {}, wide);
  const auto on_noise = fit_autoencoder(run, "over-complete, noise", noise, {}, wide);
  const auto narrow_on_digits = fit_autoencoder(run, "narrow, digits", digits, {}, narrow);
  const auto narrow_on_noise = fit_autoencoder(run, "narrow, noise", noise, {}, narrow);
  // [noise]

  const double digits_by_digits = lost(on_digits, test), digits_by_noise = lost(on_noise, test),
               noise_by_noise = lost(on_noise, fresh_noise);
  if (run.on_digits()) {
    run.report.claim_at_most("eq:overcomplete-identity",
                             "more codes than pixels: share of test digits lost", 0.01,
                             digits_by_digits);
    run.report.claim_at_most("eq:decodability",
                             "the same, trained on noise alone: share of fresh noise lost", 0.01,
                             noise_by_noise);
    run.report.claim_at_most("eq:decodability-unseen",
                             "and it gives back digits, of which it has never seen one: share lost",
                             0.05, digits_by_noise);
  }
  // White noise spreads alike in all directions: a flat of d of D dimensions holds d / D of it. The
  // estimate of its spread from n pictures wavers by less than 4 / sqrt(n D).
  const double bound = 1 - static_cast<double>(narrow) / static_cast<double>(pixels);
  run.report.claim_at_least("eq:noise-has-no-structure",
                            "a bottleneck of d of D numbers loses at least 1 - d/D of white noise",
                            bound, lost(narrow_on_noise, fresh_noise),
                            4 / std::sqrt(static_cast<double>(pixels * test.cols())));
  if (run.on_digits()) {
    run.report.claim_at_most("eq:structure-is-compressibility",
                             "of digits the same bottleneck loses less than a third of that",
                             bound / 3, lost(narrow_on_digits, test));
  }

  // What is drawn from its codes: a normal cloud through a linear decoder, that is, correlated
  // noise.
  const Matrix<float> eps =
      elbo::Random(run.seed, elbo::Stream::prior, 1).normal<float>(wide, test.cols());
  const Matrix<float> samples = on_digits.decode(fitted_normal(on_digits.encode(digits), eps));
  const double near_samples = Average(numbers(nearest(run, samples, digits))).mean;
  const double near_digits = Average(numbers(nearest(run, test, digits))).mean;
  if (run.on_digits()) {
    run.report.claim_at_least("eq:overcomplete-samples",
                              "its codes drawn at random: over 1.5 times as far from a digit as "
                              "an unseen digit is",
                              1.5, near_samples / near_digits);
  }
  run.report.result("overcomplete_width", static_cast<double>(wide));
  run.report.result("overcomplete_pixels", static_cast<double>(pixels));
  run.report.result("overcomplete_narrow", static_cast<double>(narrow));
  run.report.result("lost_digits", digits_by_digits);
  run.report.result("lost_noise_by_digits", lost(on_digits, fresh_noise));
  run.report.result("lost_noise", noise_by_noise);
  run.report.result("lost_digits_by_noise", digits_by_noise);
  run.report.result("lost_narrow_digits", lost(narrow_on_digits, test));
  run.report.result("lost_narrow_noise", lost(narrow_on_noise, fresh_noise));
  run.report.result("overcomplete_samples", near_samples / near_digits);

  // Digits; by the wide network trained on noise; noise; by it; by the narrow one; wide samples.
  const Index shown = std::min<Index>(10, test.cols());
  Matrix<float> sheet(pixels, 6 * shown);
  sheet << test.leftCols(shown), on_noise.reconstruct(test.leftCols(shown)),
      fresh_noise.leftCols(shown), on_noise.reconstruct(fresh_noise.leftCols(shown)),
      narrow_on_noise.reconstruct(fresh_noise.leftCols(shown)), samples.leftCols(shown);
  run.report.sheet("overcomplete", sheet, rows / 2, cols / 2, shown);
}

}  // namespace chapter
