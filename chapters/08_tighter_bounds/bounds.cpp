// Chapter 8, section 1: average k importance weights before taking the logarithm, and the floor
// under log p(x) rises. With two codes the ceiling is known too, by quadrature.
#include <algorithm>
#include <cmath>

#include "elbo/estimators.hpp"
#include "elbo/special.hpp"
#include "elbo/statistics.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;
using elbo::Vae;
using elbo::Vector;

// A poor q leaves room to rise, and a wide one weights without a heavy tail: twice the standard
// deviations that the encoder was trained to give.
elbo::DiagonalNormal<float> widened(elbo::DiagonalNormal<float> q) {
  q.log_variance.array() += static_cast<float>(std::log(4.0));
  return q;
}

Matrix<float> repeated(const Vector<float>& column, Index times) {
  Matrix<float> copies(column.size(), times);
  copies.colwise() = column;
  return copies;
}

// [k-sample-bound]
struct Bound {
  double mean = 0, error = 0;  // over the images; the error is that of the draws
};

// E L_k: `repeats` independent groups of k weights for each image, every group's own logarithm of
// its mean.
Bound k_sample_bound(const Run& run, const Vae<float>& vae, const Matrix<float>& x,
                     const elbo::DiagonalNormal<float>& q, Index k, Index repeats) {
  const Index n = x.cols(), d = vae.latent();
  std::vector<double> value(static_cast<std::size_t>(n)), variance(value);
  run.threads.run(static_cast<int>(n), [&](int i) {
    const auto substream = static_cast<std::uint64_t>(k) << 32 | static_cast<std::uint64_t>(i);
    const elbo::Random random(run.seed(), elbo::Stream::evaluation, substream);
    std::vector<double> bound;
    const Index groups = std::max<Index>(1, 500 / k);  // decoded at a time
    for (Index first = 0; first < repeats; first += groups) {
      const Index now = std::min(groups, repeats - first), draws = now * k;
      const elbo::DiagonalNormal<float> copies{repeated(q.mean.col(i), draws),
                                               repeated(q.log_variance.col(i), draws)};
      const Matrix<float> eps =
          random.normal<float>(d, draws, static_cast<std::uint64_t>(first * k * d));
      const RowVector<float> log_w = vae.log_weight(repeated(x.col(i), draws), copies, eps);
      const Matrix<double> grouped = log_w.cast<double>().reshaped(k, now);
      for (const double one : elbo::iwae_bound(grouped)) bound.push_back(one);
    }
    const elbo::Average mean(bound);
    value[static_cast<std::size_t>(i)] = mean.mean;
    variance[static_cast<std::size_t>(i)] = mean.standard_error * mean.standard_error;
  });
  const double images = static_cast<double>(n);
  return {elbo::Average(value).mean, std::sqrt(elbo::Average(variance).mean / images)};
}
// [k-sample-bound]

// [quadrature]
// Means over the images of log p(x) and of the ELBO, as sums over a square grid of codes.
struct Exact {
  double log_evidence = 0, elbo = 0;
};
Exact by_quadrature(const Run& run, const Vae<float>& vae, const Matrix<float>& x,
                    const elbo::DiagonalNormal<float>& q, Index side) {
  constexpr double edge = 6.0;  // the prior has e^-18 of its mass beyond
  const double step = 2 * edge / static_cast<double>(side - 1), log_cell = 2 * std::log(step);
  const Index n = x.cols();
  Matrix<double> log_joint(n, side * side), elbo = Matrix<double>::Zero(n, side);
  run.threads.run(static_cast<int>(side), [&](int row) {
    Matrix<float> z(2, side);
    for (Index c = 0; c < side; ++c) {
      z(0, c) = static_cast<float>(-edge + step * static_cast<double>(c));
      z(1, c) = static_cast<float>(-edge + step * row);
    }
    const Matrix<double> logits = vae.decode(z).cast<double>(), at = z.cast<double>();
    const RowVector<double> all_black =
        (logits.array().max(0.0) + (-logits.array().abs()).exp().log1p()).colwise().sum();
    const Matrix<double> log_x = (x.cast<double>().transpose() * logits).rowwise() - all_black;
    for (Index i = 0; i < n; ++i) {
      const Vector<double> mean = q.mean.col(i).cast<double>();
      const Vector<double> log_variance = q.log_variance.col(i).cast<double>();
      for (Index c = 0; c < side; ++c) {
        const Vector<double> from = at.col(c) - mean;
        const double log_q = -elbo::log_two_pi - 0.5 * log_variance.sum() -
                             0.5 * (from.array().square() / log_variance.array().exp()).sum();
        const double joint = log_x(i, c) - elbo::log_two_pi - 0.5 * at.col(c).squaredNorm();
        log_joint(i, row * side + c) = joint + log_cell;
        elbo(i, row) += std::exp(log_q + log_cell) * (joint - log_q);
      }
    }
  });
  Exact exact{0, elbo.rowwise().sum().mean()};
  for (Index i = 0; i < n; ++i) {
    exact.log_evidence += elbo::log_sum_exp(log_joint.row(i)) / static_cast<double>(n);
  }
  return exact;
}
// [quadrature]

}  // namespace

void bounds(const Run& run) {
  const Index n = run.quick() ? 16 : 24, draws = run.quick() ? 30000 : 50000;
  // tanh: a smooth integrand, on which quadrature has no kinks to stumble over.
  const Vae<float> vae = fit(run,
                             {.pixels = run.train.dimension(),
                              .hidden = {run.options.hidden},
                              .latent = 2,
                              .activation = elbo::Activation::tanh},
                             run.train, {.epochs = run.options.epochs});
  const Matrix<float> x = run.test.block<float>(0, n);
  const elbo::DiagonalNormal<float> q = widened(vae.encode(x));
  const Exact exact = by_quadrature(run, vae, x, q, run.quick() ? 241 : 401);

  elbo::Table table({"k", "bound", "error", "log_evidence"});
  std::vector<Bound> main;  // of k = 1, 5, 50, 500
  for (const Index k : {1, 2, 5, 10, 20, 50, 100, 200, 500}) {
    const bool claimed = k == 1 || k == 5 || k == 50 || k == 500;
    if (run.quick() && !claimed) continue;
    const Bound b = k_sample_bound(run, vae, x, q, k, std::max<Index>(4, draws / k));
    table.add({static_cast<double>(k), b.mean, b.error, exact.log_evidence});
    run.report.result("bound_" + std::to_string(k), b.mean);
    if (claimed) main.push_back(b);
  }
  run.report.csv("bounds", table);
  run.report.result("plane_log_evidence", exact.log_evidence);

  const double rounding = 1e-5 * std::abs(exact.elbo);  // floats, a sum over the pixels
  run.report.claim("eq:iwae-one-sample",
                   "k = 1 by sampling = the ELBO by quadrature, 5 standard errors", exact.elbo,
                   main[0].mean, 5 * main[0].error + rounding);
  // Each k has draws of its own: groups of the same draws would rise by algebra alone.
  double rise = 1e300;
  for (std::size_t i = 1; i < main.size(); ++i) {
    const double error = std::hypot(main[i].error, main[i - 1].error);
    rise = std::min(rise, (main[i].mean - main[i - 1].mean) / error);
  }
  run.report.claim_at_least("eq:iwae-monotone",
                            "k = 1, 5, 50, 500: each bound above the last, in standard errors", 3,
                            rise);
  run.report.claim_at_most("eq:iwae-below", "k = 500 is still below log p(x) by quadrature",
                           exact.log_evidence, main.back().mean, 5 * main.back().error + rounding);
}

}  // namespace chapter
