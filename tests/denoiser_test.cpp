// The network of a diffusion: its guess and loss by plain loops, its gradient by differences.
#include "elbo/denoiser.hpp"

#include "elbo/random.hpp"
#include "elbo/trainer.hpp"
#include "gradient_check.hpp"

using namespace elbo;

namespace {

const Random numbers(312, Stream::play);

Denoiser<double> example(NoiseLoss loss, ReverseVariance variance = ReverseVariance::posterior) {
  return {{.dimension = 2, .hidden = {7, 5}, .loss = loss},
          Diffusion(NoiseSchedule::linear(30), variance),
          4};
}

// The guess with every layer written out; layout: weight and bias, layer after layer.
Vector<double> naive_guess(const Denoiser<double>& net, const Vector<double>& parameters,
                           const Vector<double>& xt, double alpha_bar) {
  const double log_snr = std::log(alpha_bar / (1 - alpha_bar));
  std::vector<double> y{xt(0), xt(1)};
  for (int k = 0; k < 6; ++k) {
    const double angle =
        std::max(-16.0, std::min(16.0, log_snr)) * std::numbers::pi / 32 * (1 << k);
    y.push_back(std::sin(angle));
    y.push_back(std::cos(angle));
  }
  std::vector<Index> widths = net.options().hidden;
  widths.push_back(2);
  Index at = 0;
  for (std::size_t l = 0; l < widths.size(); ++l) {
    std::vector<double> next;
    const Index rows = widths[l], cols = static_cast<Index>(y.size());
    for (Index r = 0; r < rows; ++r) {
      double sum = parameters(at + rows * cols + r);
      for (Index c = 0; c < cols; ++c) sum += parameters(at + c * rows + r) * y[std::size_t(c)];
      next.push_back(l + 1 < widths.size() ? std::max(0.0, sum) : sum);
    }
    at += rows * cols + rows;
    y = next;
  }
  const Vector<double> said{{y[0], y[1]}};
  return std::sqrt(1 - alpha_bar) * xt + std::sqrt(alpha_bar) * said;
}

}  // namespace

TEST_CASE("time embedding", "[diffusion][eq:time-embedding]") {
  const RowVector<double> log_snr{{-20.0, -16.0, 0.0, 3.7, 16.0, 50.0}};
  const Matrix<double> e = time_embedding(log_snr, 12);
  REQUIRE((e.rows() == 12 && e.cols() == 6));
  for (Index i = 0; i < 6; ++i) {
    const double clamped = std::max(-16.0, std::min(16.0, log_snr(i)));
    for (int k = 0; k < 6; ++k) {
      const double angle = clamped * std::numbers::pi / 32 * std::pow(2, k);
      CHECK_THAT(e(2 * k, i), WithinAbs(std::sin(angle), 1e-12));
      CHECK_THAT(e(2 * k + 1, i), WithinAbs(std::cos(angle), 1e-12));
    }
  }
}

TEST_CASE("a guess of the noise", "[diffusion][eq:noise-guess]") {
  Denoiser<double> net = example(NoiseLoss::simple);
  net.parameters = 0.6 * numbers.normal<double>(net.parameters.size(), 1);
  const NoiseSchedule& schedule = net.diffusion().schedule();
  const Matrix<double> xt = numbers.normal<double>(2, 3, 5000);
  for (const int t : {1, 9, 30}) {
    const Matrix<double> guess = net.predict_noise(xt, schedule, t);
    for (Index i = 0; i < 3; ++i) {
      const Vector<double> expected =
          naive_guess(net, net.parameters, xt.col(i), schedule.alpha_bar(t));
      CHECK(max_difference(guess.col(i), expected) < 1e-12);
    }
  }
  // A network that says 0 knows samples from N(0, I): cov(eps, x_t) = sqrt(1 - alpha_bar), and x_t
  // has variance 1.
  net.parameters.setZero();
  const Matrix<double> guess = net.predict_noise(xt, schedule, 9);
  CHECK(max_difference(guess, std::sqrt(1 - schedule.alpha_bar(9)) * xt) < 1e-14);
}

TEST_CASE("every layer of a chain is as likely", "[diffusion]") {
  const Denoiser<double> net = example(NoiseLoss::simple);
  const RowVector<double> u = numbers.normal<double>(1, 60000, 9000);
  std::vector<double> count(31, 0.0);
  for (const int t : net.steps(u)) count.at(static_cast<std::size_t>(t)) += 1;
  CHECK(count[0] == 0);
  double chi_square = 0;
  for (std::size_t t = 1; t <= 30; ++t) chi_square += (count[t] - 2000) * (count[t] - 2000) / 2000;
  CHECK(chi_square < 29 + sigmas * std::sqrt(58));
  CHECK(net.steps(RowVector<double>{{-9.0, 0.001, 9.0}}) == std::vector<int>{1, 16, 30});
}

TEST_CASE("loss and gradient of a denoiser", "[diffusion][eq:denoiser-gradient]") {
  const auto loss = GENERATE(NoiseLoss::simple, NoiseLoss::elbo);
  const auto variance = GENERATE(ReverseVariance::posterior, ReverseVariance::beta);
  Denoiser<double> net = example(loss, variance);
  net.parameters = 0.6 * numbers.normal<double>(net.parameters.size(), 1, 100);
  const Index n = 8;
  const Matrix<double> x = numbers.normal<double>(2, n, 20000);
  Matrix<double> noise = numbers.normal<double>(3, n, 30000);
  noise(2, 0) = -4;  // t = 1, the reconstruction
  const std::vector<int> steps = net.steps(noise.row(2));
  REQUIRE(steps[0] == 1);
  const Diffusion& chain = net.diffusion();
  const ObjectiveWeights weights{.reconstruction = 0.7, .kl = 1.3};

  // By definition: one square for each sample.
  const auto square = [&](const Vector<double>& parameters, Index i) {
    const double left = chain.schedule().alpha_bar(steps[std::size_t(i)]);
    const Vector<double> eps = noise.col(i).head(2);
    const Vector<double> xt = std::sqrt(left) * x.col(i) + std::sqrt(1 - left) * eps;
    return (eps - naive_guess(net, parameters, xt, left)).squaredNorm();
  };
  const Objective objective = [&](const Vector<double>& parameters) {
    double sum = 0;
    for (Index i = 0; i < n; ++i) {
      const int t = steps[std::size_t(i)];
      const double half = t == 1 ? weights.reconstruction : weights.kl;
      const double weight = loss == NoiseLoss::simple ? 1 : half * 30 * chain.noise_weight(t);
      sum += weight * square(parameters, i);
    }
    return sum;
  };
  Denoiser<double>::Workspace workspace;
  const ElboTerms<double> terms = net.elbo_errors(x, noise, weights, workspace);
  for (Index i = 0; i < n; ++i) {
    const int t = steps[std::size_t(i)];
    const double cost =
        30 * (chain.noise_weight(t) * square(net.parameters, i) + 2 * chain.step_constant(t));
    const double prior = chain.prior_loss<double>(x.col(i))(0);
    CHECK_THAT(terms.reconstruction(i), WithinRel(t == 1 ? -cost : 0.0, 1e-10));
    CHECK_THAT(terms.kl(i), WithinRel(prior + (t == 1 ? 0.0 : cost), 1e-10));
  }
  Vector<double> gradient = Vector<double>::Zero(net.parameters.size());
  for (const auto& layer : net.gradients(x, workspace)) layer.add_to(gradient);
  check_gradient(objective, net.parameters, gradient);
  CHECK(contains(refusal([&] { net.elbo_errors(x, noise.leftCols(3), {}, workspace); }), "3 x 8"));
}

TEST_CASE("a denoiser is trained like a VAE", "[diffusion][trainer]") {
  const Matrix<float> x = Random(2, Stream::data).normal<float>(2, 512) * 0.1F;
  const Denoiser<float> start({.dimension = 2, .hidden = {16}},
                              Diffusion(NoiseSchedule::linear(30), ReverseVariance::beta), 1);
  const TrainingOptions options{.epochs = 5, .batch = 128};
  std::vector<Vector<float>> ends;
  double first = 0, last = 0;
  for (const int count : {1, 3}) {
    Threads threads(count);
    Denoiser<float> net = start;
    Adam<float> adam(net.parameters.size(), {.learning_rate = 1e-2});
    Trainer<float, Denoiser> trainer(net, adam, options, threads);
    trainer.train(DataSource<float>::from(x), [&](const Epoch& e) {
      if (e.number == 1) first = e.elbo();
      last = e.elbo();
    });
    ends.push_back(net.parameters);
  }
  CHECK(ends[0] == ends[1]);
  CHECK(last > first);
  // It knows no bound of importance samples, and says so.
  Threads alone(1);
  Denoiser<float> net = start;
  Adam<float> adam(net.parameters.size());
  Trainer<float, Denoiser> trainer(net, adam, {.epochs = 1, .bound = Bound::iwae}, alone);
  CHECK(
      contains(refusal([&] { trainer.train(DataSource<float>::from(x)); }), "importance samples"));
}
