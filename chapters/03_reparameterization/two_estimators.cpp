// Chapter 3, section 1: the gradient of E |z|^2 in the mean of z ~ N(mean, scale^2 I), two ways.
#include <algorithm>

#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Vector;

constexpr double mean = 0.5, scale = 0.8;  // of every coordinate; the gradient is 2 mean in each

// One draw of noise gives one gradient (d numbers) by each road.
struct Gradients {
  Matrix<double> score, score_baseline, pathwise;  // d x samples
};

// [estimators]
Gradients draw(const Matrix<double>& eps) {
  const Matrix<double> z = mean + scale * eps.array();
  const elbo::RowVector<double> f = z.colwise().squaredNorm();
  // dlog N(z; mean, scale^2)/dmean = (z - mean) / scale^2 = eps / scale.
  const Matrix<double> score = eps / scale;
  // The baseline of each draw is the mean of f over the OTHER draws: what is independent of the
  // draw takes away variance and no truth.
  const double n = static_cast<double>(eps.cols());
  const elbo::RowVector<double> baseline = (f.sum() - f.array()) / (n - 1);

  return {score * f.asDiagonal(),               // f(z) dlog q/dmean
          score * (f - baseline).asDiagonal(),  // (f(z) - b) dlog q/dmean
          2.0 * z};                             // df/dz dz/dmean, and dz/dmean = 1
}
// [estimators]

// Variance of a one-draw gradient, mean over its coordinates, with a standard error from 50
// batches.
Average variance(const Matrix<double>& gradients) {
  constexpr Index batches = 50;
  const Index n = gradients.cols() / batches;
  std::vector<double> values;
  for (Index b = 0; b < batches; ++b) {
    const auto part = gradients.middleCols(b * n, n);
    const Vector<double> centre = part.rowwise().mean();
    values.push_back((part.colwise() - centre).squaredNorm() /
                     static_cast<double>((n - 1) * part.rows()));
  }
  return Average(values);
}

// The same in closed form, from the moments of the normal: with a = |mean|^2 and the chi-square
// moments E q = d, E q^2 = d (d+2), E q^3 = d (d+2) (d+4).
struct ClosedForm {
  explicit ClosedForm(double d) {
    const double a = d * mean * mean, s2 = scale * scale;
    score =
        (a * a / s2 + 4 * (d + 2) / d * a + s2 * (d + 2) * (d + 4) + 2 * a * (d + 2)) - 4 * a / d;
    score_baseline = 4 * (d + 2) / d * a + s2 * (2 * d + 8) - 4 * a / d;
    pathwise = 4 * s2;
  }
  double score, score_baseline, pathwise;
};

// Mean over coordinates of every gradient: one number a draw, for the test of unbiasedness.
Average overall(const Matrix<double>& gradients) {
  const elbo::RowVector<double> mean_coordinate = gradients.colwise().mean();
  return Average({mean_coordinate.begin(), mean_coordinate.end()});
}

}  // namespace

void two_estimators(elbo::Report& report, int dimension, int samples, std::uint64_t seed,
                    bool quick) {
  const auto eps = [&](Index d, Index n) {
    return elbo::Random(seed, elbo::Stream::play, static_cast<std::uint64_t>(d))
        .normal<double>(d, n);
  };
  const Index most = 20000000 / dimension;  // a cap on memory: 20 million numbers a matrix
  const Gradients g = draw(eps(dimension, std::min<Index>(samples, most)));
  const ClosedForm exact(dimension);

  // Right on average, both of them.
  const auto unbiased = [&](const char* label, const char* name, const Matrix<double>& gradients) {
    const Average got = overall(gradients);
    report.claim(label, std::string(name) + ": mean = 2 mean(z), within 5 standard errors",
                 2 * mean, got.mean, 5 * got.standard_error);
  };
  unbiased("eq:score-function", "score function", g.score);
  unbiased("eq:score-function-baseline", "score function with a baseline", g.score_baseline);
  unbiased("eq:pathwise", "pathwise", g.pathwise);

  // And how far from it a single draw lies.
  const auto spread = [&](const char* name, const Matrix<double>& gradients, double closed) {
    const Average got = variance(gradients);
    report.claim("eq:gradient-variance",
                 std::string(name) + ": variance of one draw = its closed form, 6 standard errors",
                 closed, got.mean, 6 * got.standard_error);
    report.result(std::string("variance_") + name, got.mean);
  };
  spread("score", g.score, exact.score);
  spread("score_baseline", g.score_baseline, exact.score_baseline);
  spread("pathwise", g.pathwise, exact.pathwise);
  report.claim_at_least("eq:gradient-variance-ratio",
                        "the score function's variance is more than twice the pathwise one", 2,
                        exact.score / exact.pathwise);

  // [dimension]
  // Against dimension: the pathwise variance stays, the score function's grows like d^2.
  elbo::Table table({"dimension", "score", "baseline", "pathwise", "score_exact", "baseline_exact",
                     "pathwise_exact"});
  for (const Index d : {1, 2, 5, 10, 20, 50, 100}) {
    const Gradients at = draw(eps(d, (quick ? 100000 : 500000) / d));
    const ClosedForm closed(static_cast<double>(d));
    table.add({static_cast<double>(d), variance(at.score).mean, variance(at.score_baseline).mean,
               variance(at.pathwise).mean, closed.score, closed.score_baseline, closed.pathwise});
  }
  report.csv("variance_dimension", table);
  // [dimension]
}

}  // namespace chapter
