// Chapter 10, section 3: samples that are themselves normal, x_0 ~ N(m, s^2). The best guess of the
// noise is linear in x_t, so the decoder, its evidence and the bound are all closed forms.
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <string>

#include "elbo/quadrature.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Diffusion;
using elbo::Matrix;
using elbo::NoiseSchedule;
using elbo::Vector;

// [linear-decoder]
// With V_t = alpha_bar_t s^2 + 1 - alpha_bar_t, the variance of x_t over all samples:
// E[eps | x_t] = gain_t (x_t - sqrt(alpha_bar_t) m), gain_t = sqrt(1 - alpha_bar_t) / V_t.
struct Samples {
  double mean, scale;

  double variance(const NoiseSchedule& q, int t) const {
    return q.alpha_bar(t) * scale * scale + q.noise_variance(t);
  }
  double gain(const NoiseSchedule& q, int t) const {
    return std::sqrt(q.noise_variance(t)) / variance(q, t);
  }
  double guess(const NoiseSchedule& q, int t, double xt) const {
    return gain(q, t) * (xt - std::sqrt(q.alpha_bar(t)) * mean);
  }
  // The variance of x_{t-1} given x_t: what a decoder that may choose would take.
  Vector<double> reverse_variance(const NoiseSchedule& q) const {
    Vector<double> v(q.steps());
    for (int t = 1; t <= q.steps(); ++t) {
      v(t - 1) = q.beta(t) * variance(q, t - 1) / variance(q, t);
    }
    return v;
  }
  double entropy() const { return 0.5 * (1 + std::log(2 * M_PI * scale * scale)); }
};
// [linear-decoder]

// [exact-terms]
// The term of step t for samples at squared distance `square` from m: the guess is off by
// eps_hat - eps = gain sqrt(alpha_bar) (x_0 - m) + (gain sqrt(1 - alpha_bar) - 1) eps.
double term(const Diffusion& chain, const Samples& data, int t, double square) {
  const NoiseSchedule& q = chain.schedule();
  const double gain = data.gain(q, t);
  const double of_x = gain * gain * q.alpha_bar(t);
  const double of_eps = gain * std::sqrt(q.noise_variance(t)) - 1;
  return chain.noise_weight(t) * (of_x * square + of_eps * of_eps) + chain.step_constant(t);
}

// The ELBO of samples at x_0 = m + r, averaged over any r of these two moments.
double elbo_of(const Diffusion& chain, const Samples& data, double r_mean, double r_square) {
  const double x_square = data.mean * data.mean + 2 * data.mean * r_mean + r_square;
  const double left = chain.schedule().alpha_bar(chain.steps());
  double loss = 0.5 * (left * x_square - left - std::log1p(-left));  // L_T
  for (int t = 1; t <= chain.steps(); ++t) loss += term(chain, data, t, r_square);
  return -loss;
}
// [exact-terms]

// The same term by its definition: an integral over x_t of a KL, or of -log p(x_0 | x_1).
double term_by_quadrature(const Diffusion& chain, const Samples& data, int t, double x0) {
  const NoiseSchedule& q = chain.schedule();
  const double mean = std::sqrt(q.alpha_bar(t)) * x0, scale = std::sqrt(q.noise_variance(t));
  const auto one = [](double v) { return Matrix<double>(Matrix<double>::Constant(1, 1, v)); };
  const auto integrand = [&](double xt) {
    const auto p = chain.reverse(one(xt), one(data.guess(q, t, xt)), t);
    const double loss =
        t == 1 ? -elbo::textbook::log_normal(x0, p.mean(0), std::exp(0.5 * p.log_variance(0)))
               : kl_divergence(q.posterior(one(xt), one(x0), t), p)(0);
    return std::exp(elbo::textbook::log_normal(xt, mean, scale)) * loss;
  };
  return elbo::integrate(integrand, mean - 9 * scale, mean + 9 * scale, 60);
}

// [evidence]
// The decoder alone: x_T ~ N(0, 1), then x_{t-1} = a_t x_t + b_t + noise. Its codes and its x_0 are
// jointly normal; mean(t) and covariance(s, t) for all of them, x_0 first.
elbo::Normal<double> decoder_joint(const Diffusion& chain, const Samples& data) {
  const NoiseSchedule& q = chain.schedule();
  const int last = chain.steps();
  Vector<double> mean = Vector<double>::Zero(last + 1);
  Matrix<double> covariance = Matrix<double>::Zero(last + 1, last + 1);
  covariance(last, last) = 1;
  for (int t = last; t >= 1; --t) {
    const auto step = [&](double xt) {
      return (xt - q.beta(t) / std::sqrt(q.noise_variance(t)) * data.guess(q, t, xt)) /
             std::sqrt(1 - q.beta(t));
    };
    const double b = step(0), a = step(1) - b;
    mean(t - 1) = a * mean(t) + b;
    for (int s = t; s <= last; ++s) {
      covariance(t - 1, s) = covariance(s, t - 1) = a * covariance(t, s);
    }
    covariance(t - 1, t - 1) = a * a * covariance(t, t) + chain.variance(t);
  }
  return {mean, covariance};
}
// [evidence]

// [posterior-kl]
// KL(q(x_1 .. x_T | x_0) || p(x_1 .. x_T | x_0)) by linear algebra.
double kl_of_codes(const NoiseSchedule& q, const elbo::Normal<double>& joint, double x0) {
  const int last = q.steps();
  Vector<double> q_mean(last);
  Matrix<double> q_covariance(last, last);
  for (int t = 1; t <= last; ++t) {
    q_mean(t - 1) = std::sqrt(q.alpha_bar(t)) * x0;
    for (int s = 1; s <= t; ++s) {
      q_covariance(s - 1, t - 1) = q_covariance(t - 1, s - 1) =
          std::sqrt(q.alpha_bar(t) / q.alpha_bar(s)) * q.noise_variance(s);
    }
  }
  const Matrix<double>& c = joint.covariance();
  const Vector<double> shared = c.col(0).tail(last);
  const Vector<double> p_mean = joint.mean().tail(last) + shared * (x0 - joint.mean()(0)) / c(0, 0);
  const Matrix<double> p_covariance =
      c.bottomRightCorner(last, last) - shared * shared.transpose() / c(0, 0);
  return kl_divergence(elbo::Normal<double>(q_mean, q_covariance),
                       elbo::Normal<double>(p_mean, p_covariance));
}
// [posterior-kl]

void check_one_chain(const Run& run, const Samples& data) {
  const Diffusion chain(NoiseSchedule::linear(25), elbo::ReverseVariance::beta);
  const elbo::Normal<double> joint = decoder_joint(chain, data);
  const double evidence_scale = std::sqrt(joint.covariance()(0, 0));
  double term_error = 0, gap_error = 0, closest = -1e300;
  for (const double r : {-2.0, -0.3, 0.0, 1.0, 2.5}) {
    const double d = r * data.scale, x0 = data.mean + d;
    for (int t = 1; t <= chain.steps(); ++t) {
      const double exact = term(chain, data, t, d * d);
      const double error = std::abs(exact - term_by_quadrature(chain, data, t, x0));
      term_error = std::max(term_error, error / std::max(1.0, std::abs(exact)));
    }
    const double log_p = elbo::textbook::log_normal(x0, joint.mean()(0), evidence_scale);
    const double bound = elbo_of(chain, data, d, d * d);
    closest = std::max(closest, bound - log_p);
    gap_error =
        std::max(gap_error, std::abs(bound + kl_of_codes(chain.schedule(), joint, x0) - log_p));
  }
  run.report.claim("eq:diffusion-term", "L_0 .. L_T-1 in closed form = quadrature, 25 layers, 5 x",
                   0, term_error, 1e-9);
  run.report.claim_at_most("eq:diffusion-bound",
                           "ELBO - log p(x) of the decoder's own evidence, the largest of 5 x", 0,
                           closest);
  run.report.claim("eq:diffusion-gap",
                   "log p(x) = ELBO + KL(q(x_1..x_T | x_0) || p(x_1..x_T | x_0)), worst x", 0,
                   gap_error, 1e-9);
}

// The claims about what is lost, from the table's columns.
void state_gaps(const Run& run, const std::vector<elbo::Series>& columns) {
  const auto& posterior = columns[1].values;
  const auto& beta = columns[2].values;
  const std::size_t last = beta.size() - 1;
  double largest_ratio = 0;
  for (std::size_t i = 1; i <= last; ++i) {
    largest_ratio = std::max(largest_ratio, beta[i] / beta[i - 1]);
  }
  run.report.claim_at_most("eq:diffusion-layers",
                           "variance beta: each doubling of T, 25 to 1600, leaves of the gap", 0.75,
                           largest_ratio);
  run.report.claim("eq:diffusion-layers", "and in the end half of it: the gap falls like 1/T", 0.5,
                   beta[last] / beta[last - 1], 0.05);
  // Where the noise is smaller than the samples' scale, the posterior's variance is too small by
  // (1 - alpha_bar_t-1) / (1 - alpha_bar_t), 1/2 at t = 2 and 2/3 at t = 3 however large T is.
  run.report.claim_at_least("eq:posterior-variance-lags",
                            "the posterior's variance instead, 1600 layers: so many times the gap",
                            10, posterior[last] / beta[last]);
  run.report.claim("eq:exact-reverse-variance",
                   "variance of x_t-1 given x_t: only KL(q(x_T) || N(0, 1)) is lost, 25 layers",
                   columns[4].values[0], columns[3].values[0], 1e-9);
  run.report.result("gaussian_gap_25", beta[0]);
  run.report.result("gaussian_gap_1600", beta[last]);
  run.report.result("gaussian_gap_posterior_25", posterior[0]);
  run.report.result("gaussian_gap_posterior_1600", posterior[last]);
}

}  // namespace

void gaussian(const Run& run) {
  const Samples data{0.5, run.options.scale};
  check_one_chain(run, data);

  // What is lost on average, -entropy - E[ELBO], for three variances of the decoder.
  elbo::Table table({"steps", "posterior", "beta", "exact", "prior_mismatch"});
  for (int steps = 25; steps <= 1600; steps *= 2) {
    const NoiseSchedule q = NoiseSchedule::linear(steps);
    const auto lost = [&](const Diffusion& chain) {
      return -data.entropy() - elbo_of(chain, data, 0, data.scale * data.scale);
    };
    const double v = data.variance(q, steps), m2 = q.alpha_bar(steps) * data.mean * data.mean;
    table.add({static_cast<double>(steps), lost({q, elbo::ReverseVariance::posterior}),
               lost({q, elbo::ReverseVariance::beta}), lost({q, data.reverse_variance(q)}),
               0.5 * (v + m2 - 1 - std::log(v))});  // KL(q(x_T) || N(0, 1))
  }
  run.report.csv("gaussian_gap", table);
  state_gaps(run, table.columns());
  run.report.result("gaussian_log_prob", -data.entropy());
}

}  // namespace chapter
