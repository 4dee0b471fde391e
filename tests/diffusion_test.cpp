// The way back and what it costs: KLs by quadrature, the whole bound against an enumerable joint.
#include "elbo/diffusion.hpp"

#include "check.hpp"
#include "elbo/quadrature.hpp"
#include "elbo/random.hpp"

using namespace elbo;
using elbo::textbook::log_normal;

namespace {

const Random numbers(311, Stream::play);

Matrix<double> one(double value) {
  return Matrix<double>::Constant(1, 1, value);
}

}  // namespace

TEST_CASE("the way back knows x_0 from the noise", "[diffusion][eq:reverse-mean]") {
  const NoiseSchedule schedule = NoiseSchedule::cosine(30);
  const Diffusion chain(schedule, ReverseVariance::posterior);
  const Matrix<double> x0 = numbers.normal<double>(3, 4);
  const Matrix<double> eps = numbers.normal<double>(3, 4, 100);
  for (int t = 1; t <= 30; ++t) {
    // With the true noise the mean is the posterior's, which sees x_0 itself; at t = 1, x_0.
    const Matrix<double> xt =
        std::sqrt(schedule.alpha_bar(t)) * x0 + std::sqrt(schedule.noise_variance(t)) * eps;
    const DiagonalNormal<double> p = chain.reverse(xt, eps, t);
    const Matrix<double> mean = t == 1 ? x0 : schedule.posterior(xt, x0, t).mean;
    // The last layers of the cosine schedule divide by sqrt(1 - 0.999): three digits.
    CHECK(max_difference(p.mean, mean) < 1e-11);
    CHECK_THAT(std::exp(p.log_variance(0)), WithinRel(chain.variance(t), 1e-12));
  }
  CHECK(contains(refusal([&] { chain.reverse<double>(x0, eps.leftCols(2), 3); }),
                 "3 x 4, found 3 x 2"));
}

TEST_CASE("variances of the way back", "[diffusion]") {
  const NoiseSchedule schedule = NoiseSchedule::linear(25);
  const Diffusion small(schedule, ReverseVariance::posterior),
      large(schedule, ReverseVariance::beta);
  CHECK(small.variance(1) == schedule.beta(1));
  for (int t = 2; t <= 25; ++t) {
    CHECK(large.variance(t) == schedule.beta(t));
    CHECK(small.variance(t) == schedule.posterior_variance(t));
    CHECK(small.variance(t) < large.variance(t));
  }
  Vector<double> own = Vector<double>::Constant(25, 0.3);
  CHECK(Diffusion(schedule, own).variance(7) == 0.3);
  own(3) = 0;
  CHECK(contains(refusal([&] { Diffusion(schedule, own); }), "positive variances"));
  CHECK(contains(refusal([&] { Diffusion(schedule, Vector<double>(own.head(4))); }), "25 x 1"));
  CHECK_THROWS_AS(small.variance(0), std::out_of_range);
}

TEST_CASE("a layer's cost by integrals", "[diffusion][eq:noise-prediction]") {
  const NoiseSchedule schedule = NoiseSchedule::linear(30);
  for (const auto kind : {ReverseVariance::posterior, ReverseVariance::beta}) {
    const Diffusion chain(schedule, kind);
    for (const int t : {1, 2, 3, 15, 30}) {
      const double x0 = 0.6, eps = -0.8, eps_hat = 0.5;
      const double left = schedule.alpha_bar(t), beta = schedule.beta(t);
      const double xt = std::sqrt(left) * x0 + std::sqrt(1 - left) * eps;
      // The decoder's normal: of the x_0 that eps_hat tells, through the formula for known x_0.
      const double told = (xt - std::sqrt(1 - left) * eps_hat) / std::sqrt(left);
      const double before = t == 1 ? 1 : schedule.alpha_bar(t - 1);
      const auto mean = [&](double x) {
        return (std::sqrt(before) * beta * x + std::sqrt(1 - beta) * (1 - before) * xt) /
               (1 - left);
      };
      const double p_scale = std::sqrt(chain.variance(t));
      double expected = 0;
      if (t == 1) {
        expected = -log_normal(x0, told, p_scale);
      } else {
        const double q_scale = std::sqrt(beta * (1 - before) / (1 - left));
        const auto integrand = [&](double x) {
          const double log_q = log_normal(x, mean(x0), q_scale);
          return std::exp(log_q) * (log_q - log_normal(x, mean(told), p_scale));
        };
        expected = integrate(integrand, mean(x0) - 10 * q_scale, mean(x0) + 10 * q_scale);
      }
      INFO("t " << t);
      CHECK_THAT(chain.step_loss(one(eps), one(eps_hat), t)(0), WithinRel(expected, 1e-9));
      // Two dimensions cost their sum; and it is weight times square plus constants.
      const Matrix<double> two{{eps}, {0.1}}, guess{{eps_hat}, {0.4}};
      CHECK_THAT(
          chain.step_loss(two, guess, t)(0),
          WithinRel(chain.noise_weight(t) * (1.69 + 0.09) + 2 * chain.step_constant(t), 1e-12));
    }
  }
}

TEST_CASE("what the last code still knows", "[diffusion][eq:prior-term]") {
  const NoiseSchedule schedule(Vector<double>{{0.3, 0.4}});  // stops early: much is left
  const double left = 0.7 * 0.6, scale = std::sqrt(1 - left);
  double expected = 0;
  for (const double x : {0.9, -1.6}) {
    const double mean = std::sqrt(left) * x;
    const auto integrand = [&](double z) {
      const double log_q = log_normal(z, mean, scale);
      return std::exp(log_q) * (log_q - log_normal(z, 0, 1));
    };
    expected += integrate(integrand, mean - 10 * scale, mean + 10 * scale);
  }
  const Diffusion chain(schedule, ReverseVariance::beta);
  CHECK_THAT(chain.prior_loss(Matrix<double>{{0.9}, {-1.6}})(0), WithinAbs(expected, 1e-11));
}

TEST_CASE("the terms add up to the bound", "[diffusion][eq:noise-prediction][eq:prior-term]") {
  // Three layers and a decoder that guesses eps_hat = c x_t. The bound by its definition,
  // E_q[log p(x_0 .. x_3) - log q(x_1 .. x_3 | x_0)], a mean over paths; and by terms, a mean over
  // (t, eps) of the closed forms.
  const NoiseSchedule schedule(Vector<double>{{0.2, 0.35, 0.5}});
  const Diffusion chain(schedule, ReverseVariance::beta);
  const double x0 = 0.8, c = 0.4;
  MonteCarlo paths, terms;
  for (std::uint64_t i = 0; i < 60000; ++i) {
    double x = x0, log_weight = 0, loss = chain.prior_loss(one(x0))(0);
    for (int t = 1; t <= 3; ++t) {
      const double beta = schedule.beta(t), scale = std::sqrt(beta);
      const double mean = std::sqrt(1 - beta) * x, next = mean + scale * numbers.normal(8 * i + t);
      const auto p = chain.reverse(one(next), one(c * next), t);
      log_weight += log_normal(x, p.mean(0), std::sqrt(chain.variance(t)));
      log_weight -= log_normal(next, mean, scale);
      x = next;
      const double eps = numbers.normal(8 * i + 4 + t), left = schedule.alpha_bar(t);
      const double xt = std::sqrt(left) * x0 + std::sqrt(1 - left) * eps;
      loss += chain.step_loss(one(eps), one(c * xt), t)(0);
    }
    paths.add(log_weight + log_normal(x, 0, 1));
    terms.add(-loss);
  }
  const double error = std::hypot(paths.standard_error(), terms.standard_error());
  CHECK(std::abs(paths.mean() - terms.mean()) < sigmas * error);
  CHECK(error < 0.02);  // so that a wrong term would be seen: each is larger than 0.1
}
