// Chapter 10, section 1: an encoder that only adds noise. A chain of normals is a normal, so the
// t-th code needs no loop, and neither does one layer back once x_0 is known.
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "elbo/quadrature.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::DiagonalNormal;
using elbo::Matrix;
using elbo::NoiseSchedule;
using elbo::Vector;

// [chain]
// Mean and variance of x_t given x_0, layer after layer: x_t = sqrt(1 - beta_t) x_{t-1} +
// sqrt(beta_t) eps scales the mean and the variance, and adds beta_t.
double worst_against_chain(const NoiseSchedule& schedule) {
  const Matrix<double> x0{{-1.7, 0.4}};
  Matrix<double> mean = x0;
  double variance = 0, worst = 0;
  for (int t = 1; t <= schedule.steps(); ++t) {
    mean *= std::sqrt(1 - schedule.beta(t));
    variance = (1 - schedule.beta(t)) * variance + schedule.beta(t);
    const DiagonalNormal<double> q = schedule.forward(x0, t);
    worst = std::max(worst, (q.mean - mean).cwiseAbs().maxCoeff());
    worst = std::max(worst, (q.log_variance.array().exp() - variance).abs().maxCoeff());
  }
  return worst;
}
// [chain]

// [conditioning]
// q(x_{t-1} | x_t, x_0) by linear algebra. Given x_0, the codes x_1 .. x_T are jointly normal:
// mean sqrt(alpha_bar_t) x_0, covariance of x_s and x_t (s <= t) sqrt(alpha_bar_t / alpha_bar_s)
// times the variance of x_s. Conditioning on x_t, and on all codes above it, is a linear solve.
double worst_against_conditioning(const NoiseSchedule& schedule) {
  const int steps = schedule.steps();
  const double x0 = 0.8;
  Vector<double> mean(steps);
  Matrix<double> covariance(steps, steps);
  double left = 1;  // alpha_bar once more, by products
  for (int t = 1; t <= steps; ++t) {
    left *= 1 - schedule.beta(t);
    mean(t - 1) = std::sqrt(left) * x0;
    covariance(t - 1, t - 1) = 1 - left;
    for (int s = t - 1; s >= 1; --s) {  // along the chain: one factor a layer
      covariance(s - 1, t - 1) = covariance(t - 1, s - 1) =
          std::sqrt(1 - schedule.beta(t)) * covariance(s - 1, t - 2);
    }
  }
  double worst = 0;
  for (int t = 2; t <= steps; ++t) {
    const elbo::Index above = steps - t + 1;
    const Vector<double> here = mean.tail(above).array() + 0.3;  // x_t .. x_T, anything
    const Vector<double> shared = covariance.row(t - 2).tail(above);
    const Vector<double> gain = covariance.bottomRightCorner(above, above).llt().solve(shared);
    const double expected = mean(t - 2) + gain.dot(here - mean.tail(above));
    const double variance = covariance(t - 2, t - 2) - gain.dot(shared);
    const DiagonalNormal<double> q = schedule.posterior<double>(
        Matrix<double>::Constant(1, 1, here(0)), Matrix<double>::Constant(1, 1, x0), t);
    worst = std::max(
        {worst, std::abs(q.mean(0) - expected), std::abs(std::exp(q.log_variance(0)) - variance)});
  }
  return worst;
}
// [conditioning]

// L_T of the sample 1, one dimension, by adding up its integrand.
double prior_loss_by_quadrature(const NoiseSchedule& schedule) {
  const double mean = std::sqrt(schedule.alpha_bar(schedule.steps()));
  const double scale = std::sqrt(schedule.noise_variance(schedule.steps()));
  const auto integrand = [&](double x) {
    const double log_q = elbo::textbook::log_normal(x, mean, scale);
    return std::exp(log_q) * (log_q - elbo::textbook::log_normal(x, 0, 1));
  };
  return elbo::integrate(integrand, mean - 10 * scale, mean + 10 * scale, 400);
}

// Both schedules, and the weight that the ELBO gives to an error in each layer, for both variances
// of the way back.
void write_schedules(const Run& run) {
  elbo::Table table({"t", "linear_alpha_bar", "cosine_alpha_bar", "linear_beta", "linear_posterior",
                     "cosine_beta", "cosine_posterior"});
  const int steps = run.options.steps;
  const NoiseSchedule linear = NoiseSchedule::linear(steps), cosine = NoiseSchedule::cosine(steps);
  const auto weight = [](const NoiseSchedule& schedule, elbo::ReverseVariance kind, int t) {
    return elbo::Diffusion(schedule, kind).noise_weight(t);
  };
  for (int t = 1; t <= steps; ++t) {
    table.add({static_cast<double>(t), linear.alpha_bar(t), cosine.alpha_bar(t),
               weight(linear, elbo::ReverseVariance::beta, t),
               weight(linear, elbo::ReverseVariance::posterior, t),
               weight(cosine, elbo::ReverseVariance::beta, t),
               weight(cosine, elbo::ReverseVariance::posterior, t)});
  }
  run.report.csv("schedules", table);
}

}  // namespace

void encoder(const Run& run) {
  // Each fails if a square root, an index or a factor is off anywhere in the chain.
  const NoiseSchedule linear = NoiseSchedule::linear(200), cosine = NoiseSchedule::cosine(200);
  run.report.claim("eq:diffusion-forward",
                   "q(x_t | x_0) in one step = layer by layer, both schedules, worst t", 0,
                   std::max(worst_against_chain(linear), worst_against_chain(cosine)), 1e-12);
  // (Over 100 layers: the solve costs their number to the fourth power.)
  const double worst = std::max(worst_against_conditioning(NoiseSchedule::linear(100)),
                                worst_against_conditioning(NoiseSchedule::cosine(100)));
  run.report.claim("eq:diffusion-posterior",
                   "q(x_t-1 | x_t, x_0) = the joint normal of all codes, conditioned on x_t .. x_T",
                   0, worst, 1e-9);
  for (const auto& [name, schedule] : {std::pair{"linear", linear}, std::pair{"cosine", cosine}}) {
    const double loss = elbo::Diffusion(schedule, elbo::ReverseVariance::posterior)
                            .prior_loss<double>(Matrix<double>::Ones(1, 1))(0);
    run.report.claim("eq:prior-term",
                     std::string("L_T of the sample 1 = quadrature, schedule ") + name,
                     prior_loss_by_quadrature(schedule), loss, 1e-12);
    run.report.result(std::string("prior_loss_of_1_") + name, loss);
  }
  write_schedules(run);
}

}  // namespace chapter
