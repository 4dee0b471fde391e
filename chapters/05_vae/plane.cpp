// Chapter 5: a VAE with two codes. The whole latent space fits on a page, and integrals over it can
// be done by brute force, so that the estimates used in higher dimensions can be trusted here
// first.
#include <algorithm>
#include <cmath>

#include "elbo/estimators.hpp"
#include "elbo/special.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Vae;
using elbo::Vector;

constexpr double edge = 6.0;  // the prior has e^-18 of its mass beyond

// Points of a square grid over [-edge, edge]^2, `side` a row, as the columns of a 2 x side^2
// matrix.
Matrix<float> square_grid(Index side, double half_width) {
  Matrix<float> z(2, side * side);
  for (Index i = 0; i < z.cols(); ++i) {
    const auto place = [&](Index k) {
      return static_cast<float>(
          half_width * (2.0 * static_cast<double>(k) / static_cast<double>(side - 1) - 1.0));
    };
    z.col(i) << place(i % side), -place(i / side);
  }
  return z;
}

// [quadrature]
// log p(x) = log of the integral of p(x | z) p(z) over the plane, for several images at once: the
// grid is decoded once, and log p(x | z) = x' logits - sum softplus(logits) for each of them. Also,
// for draws from m = q/2 + p/2, the standard deviation of one weight over p(x): the integral of
// (p(x | z) p(z))^2 / m(z) is its second moment.
struct Exact {
  Vector<double> log_evidence, spread_of_a_draw;
};
Exact by_quadrature(const Run& run, const Vae<float>& vae, const Matrix<float>& x, Index side) {
  const Matrix<float> grid = square_grid(side, edge);
  const double cell = std::log(2 * edge / static_cast<double>(side - 1)) * 2;
  const elbo::DiagonalNormal<float> q = vae.encode(x);
  Matrix<double> log_joint(x.cols(), grid.cols()), log_square = log_joint;
  run.threads.run(static_cast<int>(side), [&](int row) {
    const Matrix<float> z = grid.middleCols(row * side, side);
    const Matrix<float> logits = vae.decode(z);
    const elbo::RowVector<float> all_black =
        (logits.array().max(0.0f) + (-logits.array().abs()).exp().log1p()).colwise().sum();
    for (Index i = 0; i < x.cols(); ++i) {
      const elbo::DiagonalNormal<float> own{q.mean.col(i).replicate(1, side),
                                            q.log_variance.col(i).replicate(1, side)};
      const elbo::RowVector<float> log_q = own.log_prob(z);
      for (Index j = 0; j < side; ++j) {
        const double log_prior = -0.5 * z.col(j).squaredNorm() - std::log(2 * M_PI);
        const double log_x = static_cast<double>(x.col(i).dot(logits.col(j)) - all_black(j));
        const Eigen::Vector2d halves(log_prior, static_cast<double>(log_q(j)));
        log_joint(i, row * side + j) = log_x + log_prior + cell;
        log_square(i, row * side + j) = 2 * (log_x + log_prior) - elbo::log_mean_exp(halves) + cell;
      }
    }
  });
  Exact exact{Vector<double>(x.cols()), Vector<double>(x.cols())};
  for (Index i = 0; i < x.cols(); ++i) {
    exact.log_evidence(i) = elbo::log_sum_exp(log_joint.row(i));
    const double log_second = elbo::log_sum_exp(log_square.row(i)) - 2 * exact.log_evidence(i);
    exact.spread_of_a_draw(i) = std::sqrt(std::max(0.0, std::exp(log_second) - 1));
  }
  return exact;
}
// [quadrature]

// [defensive]
// log p(x) by drawing half the codes from q(z | x), half from the prior: p / (q/2 + p/2) <= 2, so
// no place that the encoder has never heard of can hide a weight without bound (Hesterberg 1995).
elbo::LogMeanExp defensive_estimate(const Vae<float>& vae, const Matrix<float>& x, Index k,
                                    const elbo::Random& random) {
  const elbo::DiagonalNormal<float> q = vae.encode(x);
  const elbo::DiagonalNormal<float> copies{q.mean.replicate(1, 2 * k),
                                           q.log_variance.replicate(1, 2 * k)};
  const auto prior = elbo::DiagonalNormal<float>::standard(2, 2 * k);
  const Matrix<float> eps = random.normal<float>(2, 2 * k);
  Matrix<float> z(2, 2 * k);
  z << copies.rsample(eps).leftCols(k), eps.rightCols(k);

  const elbo::RowVector<float> log_p = prior.log_prob(z), log_q = copies.log_prob(z);
  const elbo::RowVector<float> log_x = vae.log_likelihood(x.replicate(1, 2 * k), z);
  elbo::LogMeanExp mean;
  for (Index j = 0; j < 2 * k; ++j) {
    const Eigen::Vector2d halves(static_cast<double>(log_p(j)), static_cast<double>(log_q(j)));
    mean.add(static_cast<double>(log_x(j)) + halves(0) - elbo::log_mean_exp(halves));
  }
  return mean;
}
// [defensive]

void check_evidence(const Run& run, const Vae<float>& vae) {
  const Index n = run.quick ? 4 : 16, k = run.quick ? 2000 : 5000;
  const elbo::Images few = run.data.test.first(n);
  const Matrix<float> x = few.block<float>(0, n);
  const Exact quadrature = by_quadrature(run, vae, x, run.quick ? 301 : 501);
  const Vector<double>& exact = quadrature.log_evidence;

  double worst = 0;
  for (Index i = 0; i < n; ++i) {
    const elbo::Random random(run.seed, elbo::Stream::play, 50 + static_cast<std::uint64_t>(i));
    const elbo::LogMeanExp sampled = defensive_estimate(vae, x.col(i), 2 * k, random);
    const double error = quadrature.spread_of_a_draw(i) / std::sqrt(4.0 * static_cast<double>(k));
    const double rounding = 1e-6 * std::abs(exact(i));  // floats
    worst =
        std::max(worst, std::abs(std::exp(sampled.value() - exact(i)) - 1) / (error + rounding));
  }
  run.report.claim_at_most("eq:log-evidence",
                           "two codes: sampling from q and prior against quadrature, worst image "
                           "in standard errors, known ones",
                           5, worst);

  // From the encoder alone: an image whose codes may lie in two places, of which the encoder knows
  // one, is missed without a sign. Never by too much evidence, always by too little.
  const auto source = elbo::DataSource<float>::from(few);
  const elbo::EvidenceEstimate encoder =
      log_evidence(vae, source, n, static_cast<int>(k), run.seed, run.threads);
  const elbo::ElboEstimate bound = elbo::elbo(vae, source, 100, run.seed, run.threads);
  double miss = -1e300;
  for (Index i = 0; i < n; ++i) {
    miss = std::max(miss, exact(i) - encoder.per_sample[static_cast<std::size_t>(i)]);
  }
  run.report.claim_at_most("eq:log-evidence-is-below",
                           "two codes: from the encoder alone it does not overshoot", exact.mean(),
                           encoder.log_evidence, 5 * encoder.monte_carlo_error);
  run.report.claim_at_most("eq:elbo-gap", "two codes: the ELBO is below the quadrature's log p(x)",
                           exact.mean(), bound.elbo(),
                           5 * bound.monte_carlo_error + 1e-6 * std::abs(exact.mean()));
  run.report.result("plane_importance_sampling_worst_miss", miss);
  run.report.result("plane_log_evidence_quadrature", exact.mean());
  run.report.result("plane_log_evidence_sampled", encoder.log_evidence);
  run.report.result("plane_elbo_same_images", bound.elbo());
}

// The best that can be done without looking: every pixel a coin of its own.
double independent_pixels(const elbo::Images& train, const elbo::Images& test) {
  const auto mean = [](const elbo::Images& images) {
    Vector<double> sum = Vector<double>::Zero(images.dimension());
    for (Index i = 0; i < images.count; ++i) sum += images.block<double>(i, 1);
    return Vector<double>(sum / static_cast<double>(images.count));
  };
  const Eigen::ArrayXd p = mean(train).array().max(1e-4).min(1 - 1e-4), x = mean(test);
  return (x * p.log() + (1 - x) * (1 - p).log()).sum();
}

}  // namespace

void plane(const Run& run) {
  const elbo::Images train = run.data.train.first(run.quick ? 5000 : 20000);
  const Index shown = std::min<Index>(1000, run.data.test.count);
  const Matrix<float> x = run.data.test.block<float>(0, shown);
  Vae<float> vae({.pixels = x.rows(), .hidden = {400}, .latent = 2}, run.seed);

  // The codes of the same thousand digits after every pass: the frames of the animation.
  elbo::Table frames({"frame", "x", "y", "label"});
  const auto record = [&](int frame) {
    const Matrix<float> codes = vae.encode(x).mean;
    for (Index i = 0; i < shown; ++i) {
      const auto& labels = run.data.test.labels;
      const double label = labels.empty() ? -1 : labels[static_cast<std::size_t>(i)];
      frames.add({static_cast<double>(frame), static_cast<double>(codes(0, i)),
                  static_cast<double>(codes(1, i)), label});
    }
  };
  record(0);
  const elbo::TrainingOptions training{.epochs = run.quick ? 5 : 24, .seed = run.seed};
  train_with_progress(run, "two codes", vae, train, training,
                      [&](const elbo::Epoch& e) { record(e.number); });
  run.report.csv("latent_frames", frames);

  // [prior-grid]
  run.report.sheet("prior_grid", vae.decode_mean(square_grid(20, 3.0)), run.data.test.rows,
                   run.data.test.cols, 20);
  // [prior-grid]
  const auto test = elbo::DataSource<float>::from(run.data.test);
  const double bound = elbo::elbo(vae, test, 1, run.seed, run.threads).elbo();
  const double blind = independent_pixels(train, run.data.test);
  if (run.on_digits()) {
    run.report.claim_at_least("eq:independent-pixels",
                              "two codes: test ELBO beats independent pixels by 10 nats",
                              blind + 10, bound);
  }
  run.report.result("plane_test_elbo", bound);
  run.report.result("independent_pixels", blind);
  check_evidence(run, vae);
  take_kl_apart(run, vae);
  covariance(run, vae);
}

}  // namespace chapter
