// The fixed encoder of a diffusion: products by plain loops, chains by simulation, Bayes' rule.
#include "elbo/noise_schedule.hpp"

#include "check.hpp"
#include "elbo/random.hpp"

using namespace elbo;

namespace {

const Random numbers(310, Stream::play);

// Product of 1 - beta_s by a loop.
double naive_alpha_bar(const NoiseSchedule& schedule, int t) {
  double product = 1;
  for (int s = 1; s <= t; ++s) product *= 1 - schedule.beta(s);
  return product;
}

}  // namespace

TEST_CASE("the linear schedule", "[diffusion][eq:linear-schedule]") {
  const NoiseSchedule thousand = NoiseSchedule::linear(1000);
  REQUIRE(thousand.steps() == 1000);
  // The paper's numbers; in between, the straight line.
  CHECK_THAT(thousand.beta(1), WithinRel(1e-4, 1e-12));
  CHECK_THAT(thousand.beta(1000), WithinRel(0.02, 1e-12));
  CHECK_THAT(thousand.beta(334), WithinRel(1e-4 + (0.02 - 1e-4) * 333 / 999, 1e-12));
  for (const int steps : {21, 50, 400}) {
    const NoiseSchedule schedule = NoiseSchedule::linear(steps);
    double sum = 0;
    for (int t = 1; t <= steps; ++t) sum += schedule.beta(t);
    CHECK_THAT(sum, WithinRel(10.05, 1e-12));  // the mean of both ends, T times
  }
  CHECK(contains(refusal([] { NoiseSchedule::linear(20); }), "more than 20 steps, found 20"));
}

TEST_CASE("the cosine schedule", "[diffusion][eq:cosine-schedule]") {
  const int steps = 300;
  const NoiseSchedule schedule = NoiseSchedule::cosine(steps);
  const auto f = [](double part) {
    const double angle = std::numbers::pi / 2 * (part + 0.008) / 1.008;
    return std::cos(angle) * std::cos(angle);
  };
  // alpha_bar is the curve itself until beta is clipped, which is at the very end.
  for (int t = 1; t < steps; ++t) {
    CHECK_THAT(schedule.alpha_bar(t), WithinRel(f(double(t) / steps) / f(0), 1e-9));
  }
  CHECK(schedule.beta(steps) == 0.999);
  CHECK(schedule.beta(1) < 1e-3);
}

TEST_CASE("alpha_bar and the noise's variance", "[diffusion][eq:alpha-bar]") {
  for (const NoiseSchedule& schedule : {NoiseSchedule::linear(150), NoiseSchedule::cosine(150)}) {
    CHECK((schedule.alpha_bar(0) == 1 && schedule.noise_variance(0) == 0));
    for (int t = 1; t <= 150; ++t) {
      const double left = naive_alpha_bar(schedule, t);
      CHECK_THAT(schedule.alpha_bar(t), WithinRel(left, 1e-12));
      CHECK_THAT(schedule.noise_variance(t), WithinAbs(1 - left, 1e-14));
      CHECK_THAT(schedule.log_snr(t), WithinAbs(std::log(left / (1 - left)), 1e-9));
    }
  }
  // No cancellation: one step of noise so small that 1 - (1 - beta) would lose 9 digits of it.
  const NoiseSchedule tiny(Vector<double>::Constant(1, 1e-9));
  CHECK_THAT(tiny.noise_variance(1), WithinRel(1e-9, 1e-14));
  CHECK_THROWS_AS(tiny.beta(0), std::out_of_range);
  CHECK_THROWS_AS(tiny.alpha_bar(2), std::out_of_range);
  CHECK_THROWS_AS(tiny.alpha_bar(-1), std::out_of_range);
  CHECK(contains(refusal([] { NoiseSchedule(Vector<double>{{0.1, 1.0}}); }), "at step 2"));
  CHECK(contains(refusal([] { NoiseSchedule(Vector<double>{{0.0}}); }), "at step 1"));
  CHECK(contains(refusal([] { NoiseSchedule(Vector<double>(0)); }), "at least one"));
}

TEST_CASE("fewer layers, the same noise", "[diffusion][eq:respaced]") {
  const NoiseSchedule all = NoiseSchedule::linear(100), some = all.respaced(8);
  const int kept[] = {13, 25, 38, 50, 63, 75, 88, 100};  // i * 12.5, halves upwards
  REQUIRE(some.steps() == 8);
  for (int i = 1; i <= 8; ++i) {
    CHECK_THAT(some.alpha_bar(i), WithinRel(naive_alpha_bar(all, kept[i - 1]), 1e-12));
  }
  for (int t = 1; t <= 100; ++t)
    CHECK_THAT(all.respaced(100).beta(t), WithinRel(all.beta(t), 1e-9));
  CHECK_THAT(all.respaced(1).alpha_bar(1), WithinRel(all.alpha_bar(100), 1e-12));
  CHECK(contains(refusal([&] { all.respaced(101); }), "1 to 100 steps, found 101"));
  CHECK(contains(refusal([&] { all.respaced(0); }), "found 0"));
}

TEST_CASE("t layers in one step, by simulating the layers", "[diffusion][eq:diffusion-forward]") {
  const NoiseSchedule schedule = NoiseSchedule::linear(30);
  const Index n = 40000;
  const double x0 = 1.4;
  Matrix<double> x = Matrix<double>::Constant(1, n, x0);
  for (int t = 1; t <= 30; ++t) {
    const double beta = schedule.beta(t);
    const Matrix<double> eps = numbers.normal<double>(1, n, std::uint64_t(t) << 20);
    x = std::sqrt(1 - beta) * x + std::sqrt(beta) * eps;
    if (t % 10 != 0) continue;
    const DiagonalNormal<double> q = schedule.forward<double>(Matrix<double>{{x0}}, t);
    MonteCarlo mean, square;
    for (const double value : x.reshaped()) {
      mean.add(value);
      square.add((value - q.mean(0)) * (value - q.mean(0)));
    }
    CHECK(mean.distance(q.mean(0)) < sigmas);
    CHECK(square.distance(std::exp(q.log_variance(0))) < sigmas);
  }
  // In floats too, and column by column.
  const Matrix<float> many{{1, -2}, {0.5F, 3}};
  const DiagonalNormal<float> q = schedule.forward(many, 7);
  const double left = naive_alpha_bar(schedule, 7);
  CHECK(max_difference(q.mean.cast<double>(), std::sqrt(left) * many.cast<double>()) < 1e-6);
  CHECK((q.log_variance.array() - float(std::log(1 - left))).abs().maxCoeff() < 1e-6F);
}

TEST_CASE("one layer back by Bayes' rule", "[diffusion][eq:diffusion-posterior]") {
  for (const NoiseSchedule& schedule : {NoiseSchedule::linear(40), NoiseSchedule::cosine(40)}) {
    for (const int t : {2, 3, 20, 40}) {
      const double x0 = 0.7, xt = -0.4;
      // Precisions add: of x_{t-1} by its past, N(m, v), and by its future, x_t = a x_{t-1} +
      // noise.
      const double left = naive_alpha_bar(schedule, t - 1), beta = schedule.beta(t);
      const double a = std::sqrt(1 - beta), m = std::sqrt(left) * x0, v = 1 - left;
      const double precision = 1 / v + a * a / beta;
      const double mean = (m / v + a * xt / beta) / precision;
      const auto q = schedule.posterior<double>(Matrix<double>{{xt}}, Matrix<double>{{x0}}, t);
      CHECK_THAT(q.mean(0), WithinAbs(mean, 1e-11));
      // (1 - left cancels three digits here at t = 2.)
      CHECK_THAT(std::exp(q.log_variance(0)), WithinRel(1 / precision, 1e-10));
      CHECK_THAT(schedule.posterior_variance(t), WithinRel(1 / precision, 1e-10));
    }
    CHECK(schedule.posterior_variance(1) == 0);
    const Matrix<double> one{{0.0}}, two{{0.0, 1.0}};
    CHECK_THROWS_AS(schedule.posterior(one, one, 1), std::out_of_range);
    CHECK(contains(refusal([&] { schedule.posterior(two, one, 2); }), "1 x 2, found 1 x 1"));
  }
}
