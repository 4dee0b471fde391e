// Chapter 7, section 1: the two gaps where both have a closed form.
//
// In probabilistic PCA the posterior is a normal with one covariance for all x. A diagonal q misses
// it for one reason, an encoder for another, and the two losses add up.
#include <algorithm>
#include <cmath>

#include "elbo/adam.hpp"
#include "elbo/ppca.hpp"
#include "elbo/random.hpp"
#include "elbo/statistics.hpp"
#include "elbo/variational.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::DiagonalNormal;
using elbo::Index;
using elbo::Matrix;
using elbo::Ppca;
using elbo::Vector;

using LinearFamily = elbo::NormalFamily<double>;

// [sigma-points]
// Four draws of eps that are no draws: +-sqrt(2) along each axis. Their mean is 0 and their
// covariance I, so that the average of anything quadratic over them is its expectation.
Matrix<double> sigma_points(Index n) {
  Matrix<double> eps = Matrix<double>::Zero(2, 4 * n);
  for (Index point = 0; point < 4; ++point) {
    const double side = point % 2 == 0 ? std::sqrt(2.0) : -std::sqrt(2.0);
    eps.block(point / 2, point * n, 1, n).setConstant(side);
  }
  return eps;
}

// Every datum climbs its own ELBO from q = p(z), by the same pathwise gradient as a VAE.
Matrix<double> climb(const Ppca& model, const Matrix<double>& x, const LinearFamily& family,
                     Vector<double>& bound) {
  const Matrix<double> copies = x.replicate(1, 4), eps = sigma_points(x.cols());
  const auto log_joint = [&](const Matrix<double>& z, Matrix<double>& dz) {
    return model.log_joint_gradient(copies, z, dz);
  };
  Matrix<double> phi = Matrix<double>::Zero(family.size(), x.cols()), uphill;
  Vector<double> numbers = phi.reshaped();
  elbo::Adam<double> adam(numbers.size(), {.learning_rate = 0.1});
  constexpr int steps = 3000;
  for (int step = 0; step < steps; ++step) {
    bound = elbo_gradient(family, log_joint, phi, eps, uphill).transpose();
    adam.begin_step(0.5 + 0.5 * std::cos(M_PI * step / steps));
    adam.update(numbers, uphill.reshaped(), -1.0);
    phi = numbers.reshaped(phi.rows(), phi.cols());
  }
  return phi;
}
// [sigma-points]

DiagonalNormal<double> as_normal(const Matrix<double>& phi) {
  return {phi.topRows(2), phi.middleRows(2, 2)};
}

// Two directions in 10 dimensions: the codes they carry are harder to tell apart the more they
// overlap.
Ppca overlapping(double overlap, std::uint64_t seed) {
  const elbo::Random random(seed, elbo::Stream::data, 1);
  Matrix<double> weight = random.normal<double>(10, 2);
  weight.col(0).normalize();
  weight.col(1) -= weight.col(0).dot(weight.col(1)) * weight.col(0);
  weight.col(1).normalize();
  weight.col(1) = overlap * weight.col(0) + std::sqrt(1 - overlap * overlap) * weight.col(1);
  return {3.0 * weight, random.normal<double>(10, 1, 100), 1.0};
}

Matrix<double> draw(const Ppca& model, Index n, std::uint64_t seed, std::uint64_t substream) {
  const elbo::Random random(seed, elbo::Stream::data, substream);
  return model.marginal().rsample(random.normal<double>(10, n));
}

// How far the climb ends from the closed form, for one overlap.
struct Reached {
  double numbers, bound, full;  // the largest differences over the data
};
Reached compare_climbs(const Ppca& model, const Matrix<double>& x) {
  const DiagonalNormal<double> best = model.mean_field_posterior(x);
  Vector<double> bound, full;
  const DiagonalNormal<double> q =
      as_normal(climb(model, x, {2, elbo::Covariance::diagonal}, bound));
  climb(model, x, {2, elbo::Covariance::full}, full);
  const Vector<double> log_evidence = model.log_evidence(x), closed = model.elbo(x, best);
  return {std::max((q.mean - best.mean).cwiseAbs().maxCoeff(),
                   (q.log_variance - best.log_variance).cwiseAbs().maxCoeff()),
          (bound - closed).cwiseAbs().maxCoeff(), (full - log_evidence).cwiseAbs().maxCoeff()};
}

void approximation(const Run& run, const Ppca& model, double overlap) {
  const Matrix<double> x = draw(model, 20, run.seed, 2);
  const Matrix<double> s = model.posterior_covariance();
  const double correlation = s(0, 1) / std::sqrt(s(0, 0) * s(1, 1));
  const DiagonalNormal<double> best = model.mean_field_posterior(x);

  const Vector<double> gap = model.log_evidence(x) - model.elbo(x, best);
  run.report.claim("eq:ppca-approximation-gap",
                   "log p(x) - ELBO of the best diagonal q = -1/2 log(1 - correlation^2)",
                   -0.5 * std::log1p(-correlation * correlation), gap.mean(), 1e-10);
  run.report.claim("eq:mean-field-is-narrow",
                   "its variance over the posterior's = 1 - correlation^2 (it is too sure)",
                   1 - correlation * correlation, std::exp(best.log_variance(0, 0)) / s(0, 0),
                   1e-12);
  // Adam on an exact gradient, its rate falling to 0: what is left is its last small steps.
  const Reached reached = compare_climbs(model, x);
  run.report.claim("eq:ppca-mean-field",
                   "pathwise ascent ends at the closed form's means and log-variances, worst", 0,
                   reached.numbers, 1e-5);
  run.report.claim("eq:pathwise-elbo", "and at its ELBO, worst of 20 data", 0, reached.bound, 1e-9);
  run.report.claim("eq:full-covariance-closes", "with a slope for the pair it ends at log p(x)", 0,
                   reached.full, 1e-9);
  run.report.result("linear_correlation", correlation);
  run.report.result("linear_approximation_gap", gap.mean());

  // The same for other overlaps, for the figure: formula and ascent.
  elbo::Table table({"overlap", "approximation_gap", "climbed_gap"});
  for (int i = 0; i <= 19; ++i) {
    const Ppca other = overlapping(0.05 * i, run.seed);
    Vector<double> bound;
    const Matrix<double> one = x.leftCols(1);
    if (i % 3 == 0) climb(other, one, {2, elbo::Covariance::diagonal}, bound);
    table.add({0.05 * i, other.approximation_gap(),
               i % 3 == 0 ? other.log_evidence(one)(0) - bound(0) : -1.0});
  }
  run.report.csv("linear_gaps", table);
  run.report.result("linear_overlap", overlap);
}

// [linear-encoder]
// The linear map that answers exactly for the data it has seen, and is the shortest that does: the
// exact encoder after a projection on their span. What stands at right angles to all of them it
// does not hear.
Matrix<double> encoder_of(const Ppca& model, const Matrix<double>& seen) {
  const Matrix<double> centred = seen.colwise() - model.mean;
  const Matrix<double> square = centred.transpose() * centred;
  return model.posterior_mean(seen) * square.llt().solve(centred.transpose());
}
// [linear-encoder]

void amortization(const Run& run, const Ppca& model, int count) {
  const Matrix<double> seen = draw(model, count, run.seed, 3);
  const Matrix<double> unseen = draw(model, 4000, run.seed, 4);
  const Matrix<double> encoder = encoder_of(model, seen);
  const auto answer = [&](const Matrix<double>& x) {
    DiagonalNormal<double> q = model.mean_field_posterior(x);
    q.mean = encoder * (x.colwise() - model.mean);
    return q;
  };

  const DiagonalNormal<double> q_seen = answer(seen), q = answer(unseen);
  const elbo::RowVector<double> of_seen = model.amortization_gap(seen, q_seen);
  run.report.claim("eq:amortization-gap-seen",
                   "a linear encoder that fits its few data has no amortisation gap on them", 0,
                   of_seen.cwiseAbs().maxCoeff(), 1e-9);

  // On average over all data: 1/2 tr(P D C D'), D the encoder's error, C the covariance of x.
  const Matrix<double> all = Matrix<double>::Identity(10, 10).colwise() + model.mean;
  const Matrix<double> error = encoder - model.posterior_mean(all);
  const Matrix<double> spread = error * model.marginal().covariance() * error.transpose();
  const Matrix<double> s = model.posterior_covariance();
  const double expected =
      0.5 * elbo::Normal<double>(Vector<double>::Zero(2), s).solve(spread).trace();
  const elbo::RowVector<double> gaps = model.amortization_gap(unseen, q);
  const elbo::Average average({gaps.begin(), gaps.end()});
  run.report.claim("eq:amortization-gap-unseen",
                   "on new data: 1/2 tr(P D C D') against the mean of 4000, 5 standard errors",
                   expected, average.mean, 5 * average.standard_error);

  // The whole gap, from the evidence and the bound, against its two parts: no code in common.
  const elbo::RowVector<double> whole = model.log_evidence(unseen) - model.elbo(unseen, q);
  const elbo::RowVector<double> parts = gaps.array() + model.approximation_gap();
  run.report.claim("eq:inference-gap",
                   "log p(x) - ELBO = approximation gap + amortisation gap, worst of 4000", 0,
                   (whole - parts).cwiseAbs().maxCoeff(), 1e-9 * whole.maxCoeff());
  run.report.result("linear_amortization_gap_unseen", expected);
}

}  // namespace

void linear_gaussian(const Run& run, const ChapterOptions& o) {
  const Ppca model = overlapping(o.overlap, run.seed);
  approximation(run, model, o.overlap);
  amortization(run, model, o.seen_data);
}

}  // namespace chapter
