// Chapter 5: a VAE with two codes. The whole latent space fits on a page, and integrals over it can
// be done by brute force, so that the estimates used in higher dimensions can be trusted here
// first.
#include <algorithm>
#include <cmath>
#include <numeric>

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
// grid is decoded once, and log p(x | z) = x' logits - sum log(1 + e^logits) for each of them.
Vector<double> log_evidence_by_quadrature(const Run& run, const Vae<float>& vae,
                                          const Matrix<float>& x, Index side) {
  const Matrix<float> grid = square_grid(side, edge);
  const double cell = std::log(2 * edge / static_cast<double>(side - 1)) * 2;
  Matrix<double> log_joint(x.cols(), grid.cols());
  run.threads.run(static_cast<int>(side), [&](int row) {
    const Matrix<float> z = grid.middleCols(row * side, side);
    const Matrix<float> logits = vae.decode(z);
    const elbo::RowVector<float> all_black = (1.0f + logits.array().exp()).log().colwise().sum();
    for (Index j = 0; j < side; ++j) {
      const double log_prior = -0.5 * z.col(j).squaredNorm() - std::log(2 * M_PI);
      for (Index i = 0; i < x.cols(); ++i) {
        log_joint(i, row * side + j) =
            static_cast<double>(x.col(i).dot(logits.col(j)) - all_black(j)) + log_prior + cell;
      }
    }
  });
  Vector<double> result(x.cols());
  for (Index i = 0; i < x.cols(); ++i) result(i) = elbo::log_sum_exp(log_joint.row(i));
  return result;
}
// [quadrature]

void check_evidence(const Run& run, const Vae<float>& vae) {
  const elbo::Images few = run.data.test.first(run.quick ? 4 : 16);
  const auto source = elbo::DataSource<float>::from(few);
  const Vector<double> exact =
      log_evidence_by_quadrature(run, vae, few.block<float>(0, few.count), run.quick ? 301 : 501);
  const elbo::EvidenceEstimate sampled =
      log_evidence(vae, source, few.count, run.quick ? 2000 : 5000, run.seed, run.threads);
  const elbo::ElboEstimate bound = elbo::elbo(vae, source, 100, run.seed, run.threads);
  // An encoder that knows only one of two places where an image's codes may lie sends no samples to
  // the other, and the estimate misses it without a sign. So: the median, and the worst as a
  // result.
  std::vector<double> miss;
  for (Index i = 0; i < few.count; ++i) {
    miss.push_back(exact(i) - sampled.per_sample[static_cast<std::size_t>(i)]);
  }
  std::sort(miss.begin(), miss.end());
  run.report.claim("eq:log-evidence",
                   "two codes: quadrature - importance sampling, nats, median image", 0,
                   miss[miss.size() / 2], 0.1);
  run.report.claim_at_least("eq:log-evidence-is-below",
                            "two codes: and sampling does not overshoot, 5 standard errors", 0,
                            exact.mean() - sampled.log_evidence, 5 * sampled.monte_carlo_error);
  run.report.result("plane_importance_sampling_worst_miss", miss.back());
  run.report.claim_at_most("eq:elbo-gap", "two codes: the ELBO is below the quadrature's log p(x)",
                           exact.mean(), bound.elbo());
  run.report.result("plane_log_evidence_quadrature", exact.mean());
  run.report.result("plane_log_evidence_sampled", sampled.log_evidence);
  run.report.result("plane_elbo_same_images", bound.elbo());
}

// [aggregate]
// The mean KL term = mutual information of x and z + KL(aggregate || prior), where the aggregate is
// the mixture of all q(z | x) (Hoffman and Johnson 2016). The three are found in three ways: closed
// form, sampling, and quadrature over the plane.
void take_kl_apart(const Run& run, const Vae<float>& vae) {
  const Index n = std::min<Index>(run.quick ? 100 : 400, run.data.test.count);
  const elbo::DiagonalNormal<float> codes = vae.encode(run.data.test.block<float>(0, n));
  const Matrix<double> mean = codes.mean.cast<double>();
  const Matrix<double> precision = (-codes.log_variance.cast<double>().array()).exp();
  const elbo::RowVector<double> log_weight =
      0.5 * precision.array().log().colwise().sum() - std::log(2 * M_PI * static_cast<double>(n));
  const auto aggregate = [&](double x, double y) {
    const Eigen::Array2d z(x, y);
    double sum = 0;
    for (Index i = 0; i < n; ++i) {
      const double square = (precision.col(i).array() * (mean.col(i).array() - z).square()).sum();
      if (square < 80) sum += std::exp(log_weight(i) - 0.5 * square);
    }
    return sum;
  };

  // KL(aggregate || prior), row by row of the grid.
  const int side = run.quick ? 240 : 480;
  const double width = mean.cwiseAbs().maxCoeff() + 1.0, h = 2 * width / side;
  std::vector<double> rows(static_cast<std::size_t>(side) + 1);
  run.threads.run(side + 1, [&](int row) {
    for (int column = 0; column <= side; ++column) {
      const double x = h * column - width, y = h * row - width, q = aggregate(x, y);
      const double log_prior = -0.5 * (x * x + y * y) - std::log(2 * M_PI);
      if (q > 0) rows[static_cast<std::size_t>(row)] += h * h * q * (std::log(q) - log_prior);
    }
  });
  const double from_prior = std::accumulate(rows.begin(), rows.end(), 0.0);

  // Mutual information: how much more z knows of its own x than of any.
  const Index draws = 20;
  std::vector<double> information(static_cast<std::size_t>(n));
  run.threads.run(static_cast<int>(n), [&](int i) {
    const elbo::Random random(run.seed, elbo::Stream::play, 100 + static_cast<std::uint64_t>(i));
    const Matrix<double> eps = random.normal<double>(2, draws);
    for (Index l = 0; l < draws; ++l) {
      const Eigen::Array2d z =
          mean.col(i).array() + precision.col(i).array().rsqrt() * eps.col(l).array();
      const double own =
          log_weight(i) + std::log(static_cast<double>(n)) - 0.5 * eps.col(l).squaredNorm();
      information[static_cast<std::size_t>(i)] += (own - std::log(aggregate(z(0), z(1)))) / draws;
    }
  });
  const double count = static_cast<double>(n);
  const double mutual = std::accumulate(information.begin(), information.end(), 0.0) / count;
  const double kl = static_cast<double>(kl_from_standard_normal(codes).mean());
  // Of the sampled part only eps is random: its share of log q(z | x) has variance 1 a draw.
  const double tolerance = 5 * std::sqrt(1.0 / (count * static_cast<double>(draws))) + 0.01;
  run.report.claim("eq:kl-mutual-information",
                   "mean KL = mutual information + KL(aggregate || prior)", kl, mutual + from_prior,
                   tolerance);
  run.report.result("plane_kl", kl);
  run.report.result("plane_mutual_information", mutual);
  run.report.result("plane_kl_aggregate", from_prior);
}
// [aggregate]

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

elbo::Vae<float> plane(const Run& run) {
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
  run.report.claim_at_least("eq:independent-pixels",
                            "two codes: test ELBO beats independent pixels by 10 nats", blind + 10,
                            bound);
  run.report.result("plane_test_elbo", bound);
  run.report.result("independent_pixels", blind);
  check_evidence(run, vae);
  take_kl_apart(run, vae);
  return vae;
}

}  // namespace chapter
