// Chapter 2, section 3: look where the answer is. The toy d times over, so that its evidence stays
// known while the space that samples must search grows.
#include <algorithm>
#include <cmath>

#include "elbo/estimators.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::DiagonalNormal;
using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;

constexpr double stretch = 1.2;  // of the posterior's scale, for a q that covers it

// d independent copies of the toy, observed at x in each.
struct Problem {
  Problem(const Toy& toy, Index d) : x(Matrix<double>::Constant(d, 1, toy.x)) {
    model.weight = toy.weight * Matrix<double>::Identity(d, d);
    model.mean = elbo::Vector<double>::Zero(d);
    model.noise_variance = toy.noise * toy.noise;
  }

  // The posterior, its scale stretched: a q that covers it without being it.
  DiagonalNormal<double> stretched_posterior(double factor, Index n) const {
    const double scale = factor * std::sqrt(model.posterior_covariance()(0, 0));
    const Matrix<double> mean = model.posterior_mean(x).replicate(1, n);
    return DiagonalNormal<double>::from_scale(mean,
                                              Matrix<double>::Constant(mean.rows(), n, scale));
  }

  elbo::Ppca model;
  Matrix<double> x;
};

// [weights]
// log w = log p(x, z) - log q(z) for z drawn from q. Their average is p(x), whatever q is.
RowVector<double> log_weights(const Problem& problem, const DiagonalNormal<double>& q,
                              const Matrix<double>& eps) {
  const Matrix<double> z = q.rsample(eps);
  return problem.model.log_joint(problem.x.replicate(1, z.cols()), z) - q.log_prob(z);
}
// [weights]

elbo::LogMeanExp average(const RowVector<double>& log_w) {
  elbo::LogMeanExp mean;
  for (const double value : log_w) mean.add(value);
  return mean;
}

// Weights as shares of their sum, largest first, for the figure.
std::vector<double> sorted_shares(const RowVector<double>& log_w, std::size_t keep) {
  std::vector<double> share;
  const double total = average(log_w).value() + std::log(static_cast<double>(log_w.size()));
  for (const double value : log_w) share.push_back(std::exp(value - total));
  std::sort(share.rbegin(), share.rend());
  share.resize(std::min(keep, share.size()));
  return share;
}

}  // namespace

void sampling(elbo::Report& report, const Toy& toy, int samples, std::uint64_t seed) {
  elbo::Table by_dimension({"dimension", "prior", "posterior"});
  std::vector<elbo::Series> shares;
  for (const Index d : {1, 2, 5, 10, 20, 40}) {
    const Problem problem(toy, d);
    const elbo::Random random(seed, elbo::Stream::play, 100 + static_cast<std::uint64_t>(d));
    const Matrix<double> eps = random.normal<double>(d, samples);
    const auto prior = DiagonalNormal<double>::standard(d, samples);
    const RowVector<double> from_prior = log_weights(problem, prior, eps);
    const RowVector<double> from_q =
        log_weights(problem, problem.stretched_posterior(stretch, samples), eps);
    const double ess_prior = average(from_prior).effective_sample_size();
    const double ess_q = average(from_q).effective_sample_size();
    by_dimension.add({static_cast<double>(d), ess_prior, ess_q});
    const std::string suffix = std::to_string(d);
    if (d == 2 || d == 20) {
      report.result("effective_sample_size_" + suffix, ess_prior);
      report.result("effective_sample_size_q_" + suffix, ess_q);
      report.result("log_evidence_" + suffix, problem.model.log_evidence(problem.x)(0));
      report.result("log_evidence_prior_" + suffix, average(from_prior).value());
      report.result("log_evidence_q_" + suffix, average(from_q).value());
      shares.push_back({"prior_" + suffix, sorted_shares(from_prior, 1000)});
      shares.push_back({"q_" + suffix, sorted_shares(from_q, 1000)});
    }
    // With a q near the posterior the estimate is good in any dimension. Its error is known: for a
    // normal stretched by s, E w^2 / (E w)^2 = s^2 / sqrt(2 s^2 - 1) in each dimension.
    const double per_dimension = stretch * stretch / std::sqrt(2 * stretch * stretch - 1);
    const double error = std::sqrt((std::pow(per_dimension, d) - 1) / samples);
    report.claim("eq:evidence-importance",
                 "d = " + suffix + ": the mean weight over p(x), within 5 of its standard errors",
                 1, std::exp(average(from_q).value() - problem.model.log_evidence(problem.x)(0)),
                 5 * error);
  }
  report.csv("effective_sample_size", by_dimension);
  report.csv("weights", shares);
  const std::vector<double>& from_prior = by_dimension.columns()[1].values;
  report.claim_at_most("eq:effective-sample-size",
                       "drawing from the prior, fewer draws count in 40 dimensions than in 1",
                       from_prior.front(), from_prior.back(), 1e-6);

  // At the posterior itself every weight is p(x): one draw would have done.
  const Problem problem(toy, 20);
  const Matrix<double> eps =
      elbo::Random(seed, elbo::Stream::play, 200).normal<double>(20, samples);
  const RowVector<double> exact =
      log_weights(problem, problem.stretched_posterior(1, samples), eps);
  report.claim("eq:importance-weight", "d = 20: at q = posterior the log-weights do not spread", 0,
               exact.maxCoeff() - exact.minCoeff(),
               1e-9 * std::max(1.0, exact.cwiseAbs().maxCoeff()));
}

}  // namespace chapter
