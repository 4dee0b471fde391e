// Chapter 4, section 2: spoil the picture, ask for it whole (Vincent et al. 2008). Now the noise
// does the squeezing, and no bottleneck is needed.
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "elbo/statistics.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Vector;

// [wiener]
// The best that any linear map can do with pictures of this mean and covariance C: mean + C (C +
// noise_scale^2 I)^-1 (x - mean), the Wiener filter.
Matrix<double> wiener(const Matrix<double>& train, const Matrix<double>& noisy,
                      double noise_scale) {
  const Vector<double> mean = train.rowwise().mean();
  const Matrix<double> centred = train.colwise() - mean;
  Matrix<double> covariance = Matrix<double>::Zero(train.rows(), train.rows());
  covariance.selfadjointView<Eigen::Lower>().rankUpdate(centred, 1.0 / double(train.cols()));
  covariance.triangularView<Eigen::StrictlyUpper>() = covariance.transpose();
  Matrix<double> spoiled = covariance;
  spoiled.diagonal().array() += noise_scale * noise_scale;
  return (covariance * spoiled.llt().solve(noisy.colwise() - mean)).colwise() + mean;
}
// [wiener]

// Decibels by which `after` is nearer to the clean pictures than `before`.
double gain(double before, double after) {
  return 10 * std::log10(before / after);
}

}  // namespace

void denoise(const Run& run) {
  const Index n = std::min<Index>(1000, run.test.cols()), wide = run.hidden.front();
  const Matrix<float> clean = run.test.leftCols(n);
  const Matrix<float> noisy =
      clean + static_cast<float>(run.noise_scale) *
                  elbo::Random(run.seed, elbo::Stream::play, 1).normal<float>(clean.rows(), n);

  const elbo::Autoencoder<float> denoiser =
      fit_autoencoder(run, "denoising", run.train, {wide}, wide, run.noise_scale);
  const Matrix<float> cleaned = denoiser.reconstruct(noisy);
  const Matrix<float> filtered =
      wiener(run.train.cast<double>(), noisy.cast<double>(), run.noise_scale).cast<float>();

  const auto error = [&](const Matrix<float>& x) {
    return elbo::Average(numbers((x - clean).colwise().squaredNorm())).mean;
  };
  const double before = error(noisy), by_filter = gain(before, error(filtered)),
               by_network = gain(before, error(cleaned));
  run.report.claim("eq:noise-error", "the noise itself: squared error D noise_scale^2, within 2 %",
                   static_cast<double>(clean.rows()) * run.noise_scale * run.noise_scale, before,
                   0.02 * before);
  // Who always answers with the mean picture takes all the noise away, and the digit with it.
  const Matrix<float> mean = run.train.rowwise().mean().replicate(1, n);
  if (run.on_digits()) {
    run.report.claim_at_least(
        "eq:denoising", "denoising: more decibels than answering the mean picture, and 3 more",
        gain(before, error(mean)) + 3, by_network);
    // A filter needs no patience; in a quick run the network has had too few steps to pass it.
    if (!run.quick) {
      run.report.claim_at_least("eq:denoising-gain",
                                "denoising: more decibels than the best linear filter's", by_filter,
                                by_network);
    }
  }
  run.report.result("denoising_gain_db", by_network);
  run.report.result("wiener_gain_db", by_filter);

  const Index shown = std::min<Index>(10, n);
  Matrix<float> sheet(clean.rows(), 4 * shown);
  sheet << clean.leftCols(shown), noisy.leftCols(shown), filtered.leftCols(shown),
      cleaned.leftCols(shown);
  run.report.sheet("denoising", sheet, run.data.test.rows, run.data.test.cols, shown);
}

}  // namespace chapter
