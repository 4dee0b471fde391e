// Chapter 7, section 2: the other road. Hamiltonian Monte Carlo, first where its answer is known.
//
// Averaging independent draws is Monte Carlo. Markov chain Monte Carlo is something else: each draw
// is made from the one before, nobody needs to know how to draw from the density, and n draws are
// worth another number than n, as a rule a smaller one. On a normal density it has a closed form.
#include <algorithm>
#include <cmath>

#include "chain.hpp"
#include "elbo/ppca.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;

// log N(z; 0, s^2) up to a constant, for a row of chains.
struct Line {
  double scale;
  RowVector<double> operator()(const Matrix<double>& z, Matrix<double>& gradient) const {
    gradient = -z / (scale * scale);
    return -0.5 * z.array().square() / (scale * scale);
  }
};

// On N(0, s^2) a leapfrog step is a rotation, but of an ellipse: with cos t = 1 - e^2 / 2 s^2 and r
// = s / sqrt(1 - e^2 / 4 s^2), z_L = z cos(L t) + p r sin(L t).
struct Rotation {
  double cosine, sine, radius;
  Rotation(double scale, const elbo::HmcOptions& o) {
    const double ratio = o.step_size / scale, t = std::acos(1 - 0.5 * ratio * ratio);
    cosine = std::cos(o.steps * t);
    sine = std::sin(o.steps * t);
    radius = scale / std::sqrt(1 - 0.25 * ratio * ratio);
  }
};

void on_a_line(const Run& run) {
  const Line target{0.7};
  const elbo::HmcOptions options{.step_size = 0.6, .steps = 1};
  const Rotation exact(target.scale, options);

  elbo::Chains one = elbo::start_chains(target, Matrix<double>{{1.1, -0.4}});
  const Matrix<double> start = one.z, p{{-0.5, 1.3}};
  Matrix<double> momentum = p;
  elbo::leapfrog(target, options, one, momentum);
  const Matrix<double> wanted = exact.cosine * start + exact.radius * exact.sine * p;
  run.report.claim("eq:leapfrog", "on a normal density a leapfrog path is a rotation, worst", 0,
                   (one.z - wanted).cwiseAbs().maxCoeff(), 1e-13);

  // The chain without Metropolis is then z' = cos(L t) z + noise, for which everything is known;
  // and known to be wrong: it forgets the density's scale s and settles at r.
  const Index moves = run.quick ? 4000 : 20000, count = 8;
  const Matrix<double> nowhere = Matrix<double>::Zero(1, count);
  elbo::HmcOptions every_move = options;
  every_move.metropolis = false;
  const Walk loose = walk(target, every_move, nowhere, moves, {run.seed, elbo::Stream::play, 11});
  const Walk proper = walk(target, options, nowhere, moves, {run.seed, elbo::Stream::play, 12});
  const Measured loose_square = measure(loose, [](const auto& z) { return z(0) * z(0); });
  const Measured square = measure(proper, [](const auto& z) { return z(0) * z(0); });
  run.report.claim("eq:uncorrected-variance",
                   "every move taken: variance s^2 / (1 - e^2 / 4 s^2), 5 standard errors",
                   exact.radius * exact.radius, loose_square.mean, 5 * loose_square.standard_error);
  run.report.claim("eq:metropolis", "with Metropolis: variance s^2, 5 standard errors",
                   target.scale * target.scale, square.mean, 5 * square.standard_error);

  // n draws of such a chain are worth n (1 - c) / (1 + c), c = cos(L t). The estimate of that is
  // itself noisy: 10 %. Independent draws, put through the same formula, are worth n.
  const double total = static_cast<double>(moves * count);
  const double c = exact.cosine;
  const Measured loose_mean = measure(loose, [](const auto& z) { return z(0); });
  run.report.claim("eq:chain-effective-sample-size",
                   "a chain's draws are worth (1 - c) / (1 + c) each, c = cos(L t)",
                   (1 - c) / (1 + c), loose_mean.effective / total, 0.1 * (1 - c) / (1 + c));
  Walk independent = loose;
  const elbo::Random draws(run.seed, elbo::Stream::play, 13);
  for (std::size_t move = 0; move < independent.z.size(); ++move) {
    independent.z[move] = draws.normal<double>(1, count, static_cast<std::uint64_t>(move) * 8);
  }
  const Measured plain = measure(independent, [](const auto& z) { return z(0); });
  run.report.claim("eq:plain-monte-carlo", "independent draws are no chain: worth 1 each", 1,
                   plain.effective / total, 0.1);
  run.report.result("line_acceptance", proper.acceptance);
  run.report.result("line_worth_of_a_draw", (1 - c) / (1 + c));
}

void on_ppca(const Run& run) {
  // Five numbers seen, three codes, strongly correlated in the posterior.
  const elbo::Random random(run.seed, elbo::Stream::data, 5);
  Matrix<double> weight = random.normal<double>(5, 3);
  weight.col(1) += 1.5 * weight.col(0);
  const elbo::Ppca model{weight, random.normal<double>(5, 1, 50), 0.5};
  const Matrix<double> x = model.marginal().rsample(random.normal<double>(5, 1, 60));
  const Index count = 8, moves = run.quick ? 2000 : 10000;
  const Matrix<double> copies = x.replicate(1, count);
  const auto target = [&](const Matrix<double>& z, Matrix<double>& dz) {
    return model.log_joint_gradient(copies, z, dz);
  };

  const elbo::HmcOptions options{.step_size = 0.15, .steps = 12};
  elbo::Chains there = elbo::start_chains(target, random.normal<double>(3, count, 70));
  const Matrix<double> start = there.z, p = random.normal<double>(3, count, 100);
  Matrix<double> momentum = p;
  elbo::leapfrog(target, options, there, momentum);
  momentum = -momentum;
  elbo::leapfrog(target, options, there, momentum);
  run.report.claim("eq:leapfrog-reversible", "turn the momentum and the path leads back, worst", 0,
                   (there.z - start).cwiseAbs().maxCoeff(), 1e-10);

  const Walk walked = walk(target, options, start, moves, {run.seed, elbo::Stream::play, 14}, 200);
  const Matrix<double> mean = model.posterior_mean(x), covariance = model.posterior_covariance();
  double worst_mean = 0, worst_covariance = 0, least = 1e300;
  for (Index r = 0; r < 3; ++r) {
    const Measured m = measure(walked, [r](const auto& z) { return z(r); });
    worst_mean = std::max(worst_mean, std::abs(m.mean - mean(r, 0)) / m.standard_error);
    least = std::min(least, m.effective);
    for (Index s = 0; s <= r; ++s) {
      const Measured product =
          measure(walked, [&](const auto& z) { return (z(r) - mean(r, 0)) * (z(s) - mean(s, 0)); });
      worst_covariance = std::max(
          worst_covariance, std::abs(product.mean - covariance(r, s)) / product.standard_error);
    }
  }
  run.report.claim_at_most("eq:hmc-mean",
                           "HMC on pPCA: means against M^-1 W'(x - mean), worst in standard errors",
                           5, worst_mean);
  run.report.claim_at_most("eq:hmc-covariance",
                           "and covariances against noise_variance M^-1, worst of six", 5,
                           worst_covariance);
  run.report.result("ppca_chain_acceptance", walked.acceptance);
  run.report.result("ppca_chain_draws", static_cast<double>(moves * count));
  run.report.result("ppca_chain_least_effective", least);
}

}  // namespace

void chains(const Run& run) {
  on_a_line(run);
  on_ppca(run);
}

}  // namespace chapter
