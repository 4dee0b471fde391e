// Chapter 10, section 5: the same network on digits, 14 x 14, by their principal components. Scaled
// to variance 1 these have mean 0 and covariance I: the network that says 0 already is their best
// normal (probabilistic PCA, chapter 6), and all it learns is what a normal cannot know.
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Denoiser;
using elbo::Diffusion;
using elbo::Images;
using elbo::Index;
using elbo::Matrix;
using elbo::Vector;

// [halved]
// Each pixel the mean of 2 x 2, from 0 to 1.
Matrix<float> halved(const Images& images, Index count) {
  const Index rows = images.rows / 2, cols = images.cols / 2;
  Matrix<float> out = Matrix<float>::Zero(rows * cols, count);
  for (Index i = 0; i < count; ++i) {
    const auto* picture = images.pixels.data() + i * images.dimension();
    for (Index r = 0; r < 2 * rows; ++r) {
      for (Index c = 0; c < 2 * cols; ++c) {
        out(r / 2 * cols + c / 2, i) += static_cast<float>(picture[r * images.cols + c]) / 1020.0f;
      }
    }
  }
  return out;
}
// [halved]

// [components]
// The `count` directions of largest variance, each scaled to variance 1.
class Components {
 public:
  Components(const Matrix<float>& pictures, Index count) {
    const Matrix<double> x =
        pictures.leftCols(std::min<Index>(pictures.cols(), 10000)).cast<double>();
    const Vector<double> mean = x.rowwise().mean();
    const Matrix<double> off = x.colwise() - mean;
    const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(off * off.transpose() /
                                                               static_cast<double>(x.cols()));
    const Vector<double> scale = solver.eigenvalues().tail(count).cwiseMax(1e-9).cwiseSqrt();
    const Matrix<double> axes = solver.eigenvectors().rightCols(count);
    mean_ = mean.cast<float>();
    to_picture_ = (axes * scale.asDiagonal()).cast<float>();
    to_code_ = (scale.cwiseInverse().asDiagonal() * axes.transpose()).cast<float>();
  }

  Matrix<float> codes(const Matrix<float>& pictures) const {
    return to_code_ * (pictures.colwise() - mean_);
  }
  Matrix<float> pictures(const Matrix<float>& codes) const {
    return (to_picture_ * codes).colwise() + mean_;
  }

 private:
  Vector<float> mean_;
  Matrix<float> to_picture_, to_code_;
};
// [components]

// [copies]
// Has the network only stored its training set? The mean distance to the nearest training picture.
double nearest(const Run& run, const Matrix<float>& pictures, const Matrix<float>& train) {
  const elbo::RowVector<float> squares = train.colwise().squaredNorm();
  std::vector<double> least(static_cast<std::size_t>(pictures.cols()));
  run.threads.run(static_cast<int>(pictures.cols()), [&](int i) {
    const Vector<float> picture = pictures.col(i);
    const elbo::RowVector<float> product = picture.transpose() * train;
    const float square = (squares - 2 * product).minCoeff() + picture.squaredNorm();
    least[static_cast<std::size_t>(i)] = std::sqrt(std::max(0.0, static_cast<double>(square)));
  });
  return elbo::Average(least).mean;
}
// [copies]

// One row a digit: from noise on the left to the picture on the right.
void draw_path(const Run& run, const Ancestral& sampler, const Components& components, Index rows,
               Index cols) {
  const int steps = sampler.chain.steps();
  std::vector<int> shown;
  for (const double part : {1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.22, 0.15, 0.1, 0.05, 0.02, 0.0}) {
    shown.push_back(static_cast<int>(std::lround(part * steps)));
  }
  constexpr Index count = 8;
  const std::vector<Matrix<float>> path = sampler.paths(count, shown, run.threads);
  const Index across = static_cast<Index>(shown.size());
  Matrix<float> sheet(rows * cols, count * across);
  for (Index k = 0; k < across; ++k) {
    const Matrix<float> frame = components.pictures(path[static_cast<std::size_t>(k)]);
    for (Index i = 0; i < count; ++i) sheet.col(i * across + k) = frame.col(i);
  }
  run.report.sheet("digits_path", sheet, rows, cols, across);
}

// What of them is claimed: of digits, and of as many steps as a full run trains.
void judge_digits(const Run& run, const Denoiser<float>& denoiser, const Components& components,
                  const Matrix<float>& samples, const Matrix<float>& train,
                  const Matrix<float>& test, bool claimed) {
  // [judge]
  // The bound on log p of a test digit's codes, and what the best normal gives them.
  const Index few = std::min<Index>(test.cols(), run.quick ? 100 : 500);
  const Matrix<float> codes = components.codes(test.leftCols(few));
  const Bound bound = bound_of(denoiser, denoiser.diffusion(), codes, run.seed, run.threads);
  const auto standard = elbo::DiagonalNormal<float>::standard(codes.rows(), few);
  const elbo::RowVector<float> log_p = standard.log_prob(codes);
  std::vector<double> gain;
  for (Index i = 0; i < few; ++i) {
    gain.push_back(bound.elbo[static_cast<std::size_t>(i)] - static_cast<double>(log_p(i)));
  }
  // Distances, all between pictures that these components can show.
  const Matrix<float> seen = components.pictures(components.codes(train));
  const Matrix<float> unseen = components.pictures(components.codes(test));
  const elbo::Random random(run.seed, elbo::Stream::play, 40);
  const Matrix<float> normal =
      components.pictures(random.normal<float>(codes.rows(), samples.cols()));
  const double to_samples = nearest(run, samples.leftCols(few), seen);
  const double to_unseen = nearest(run, unseen.leftCols(few), seen);
  const double to_normal = nearest(run, normal.leftCols(few), seen);
  // [judge]
  const elbo::Average nats(gain);
  if (claimed) {
    run.report.claim_at_least("eq:digits-elbo",
                              "digits: ELBO of a test digit's codes - their log p by the best "
                              "normal, nats",
                              2, nats.mean);
    run.report.claim_at_most("eq:digits-nearest",
                             "mean distance to the nearest training digit: samples below the best "
                             "normal's",
                             to_normal, to_samples);
    run.report.claim_at_least("eq:digits-copies",
                              "and no copies: it is at least half of a test digit's",
                              0.5 * to_unseen, to_samples);
  }
  constexpr int blocks = 5;
  const elbo::Average far = distance(samples, unseen, blocks, run.threads);
  run.report.result("digits_elbo_gain", nats.mean);
  run.report.result("digits_elbo_gain_se", nats.standard_error);
  run.report.result("digits_distance", far.mean);
  run.report.result("digits_distance_se", far.standard_error);
  run.report.result("digits_distance_of_normal",
                    distance(normal, unseen, blocks, run.threads).mean);
  run.report.result("digits_nearest_of_samples", to_samples);
  run.report.result("digits_nearest_of_test", to_unseen);
  run.report.result("digits_nearest_of_normal", to_normal);
}

}  // namespace

void digits(const Run& run, const elbo::Dataset& data) {
  const bool known =
      data.name == "digits" || data.name == "mnist" || data.name == "binarized-mnist";
  const Matrix<float> train = halved(data.train, data.train.count);
  const Index n = std::min<Index>(data.test.count, run.quick ? 500 : 2000);
  const Matrix<float> test = halved(data.test, n);
  const Index rows = data.train.rows / 2, cols = data.train.cols / 2;

  // [network]
  const Components components(train, std::min<Index>(40, rows * cols / 2));
  const Matrix<float> codes = components.codes(train);
  const Diffusion chain(run.options.noise_schedule(), run.options.reverse_variance());
  const Index width = run.quick ? 160 : 320;
  Denoiser<float> denoiser(
      {.dimension = codes.rows(),
       .hidden = {width, width, width},
       .loss = run.options.loss == "elbo" ? elbo::NoiseLoss::elbo : elbo::NoiseLoss::simple},
      chain, run.seed);
  train_with_progress(run, "digits", denoiser, codes, run.options.digit_epochs);
  // [network]

  // The last step's mean: a draw around it would only add the finest grain of noise.
  const Ancestral sampler{denoiser, chain, run.seed, false};
  const Matrix<float> samples = components.pictures(sampler.sample(n, run.threads));
  judge_digits(run, denoiser, components, samples, train, test, known && !run.quick);

  const Index shown = std::min<Index>(n, 60);
  run.report.sheet("digits_samples", samples.leftCols(shown), rows, cols, 20);
  const elbo::Random random(run.seed, elbo::Stream::play, 40);
  run.report.sheet("digits_normal", components.pictures(random.normal<float>(codes.rows(), shown)),
                   rows, cols, 20);
  const Matrix<float> first = test.leftCols(std::min<Index>(n, 20));
  Matrix<float> pairs(first.rows(), 2 * first.cols());
  pairs << first, components.pictures(components.codes(first));
  run.report.sheet("digits_data", pairs, rows, cols, first.cols());
  draw_path(run, sampler, components, rows, cols);
}

}  // namespace chapter
