// The pieces of a training step one by one, with Google Benchmark, for a shard of 64 images.
#include <benchmark/benchmark.h>

#include <numeric>
#include <vector>

#include "elbo/adam.hpp"
#include "elbo/distributions.hpp"
#include "elbo/estimators.hpp"
#include "elbo/images.hpp"
#include "elbo/layers.hpp"
#include "elbo/likelihood.hpp"
#include "elbo/random.hpp"

namespace {

using benchmark::Counter;
using benchmark::State;
using elbo::Index;
using Matrix = elbo::Matrix<float>;
using Vector = elbo::Vector<float>;

constexpr Index n = 64, pixels = 784, hidden = 400, latent = 20;

void per_iteration(State& state, const char* name, double amount) {
  state.counters[name] = Counter(amount, Counter::kIsIterationInvariantRate);
}

// --- Layers: from state.range(0) to state.range(1) units ---

struct LinearCase {
  elbo::Layout layout;
  elbo::Linear linear;
  Vector parameters, gradient;
  Matrix x, y, dy, dx;
  double flops;  // of one product

  explicit LinearCase(const State& state)
      : linear(elbo::Linear::add(layout, "linear", state.range(0), state.range(1))),
        parameters(Vector::Random(layout.size())),
        gradient(Vector::Zero(layout.size())),
        x(Matrix::Random(state.range(0), n)),
        dy(Matrix::Random(state.range(1), n)),
        flops(2.0 * static_cast<double>(state.range(0) * state.range(1) * n)) {}
};

void linear_forward(State& state) {
  LinearCase c(state);
  for (auto _ : state) c.linear.forward(c.parameters, c.x, c.y);
  per_iteration(state, "flop_per_second", c.flops);
}

void linear_backward(State& state) {
  LinearCase c(state);
  for (auto _ : state) c.linear.backward(c.parameters, c.dy, c.dx);
  per_iteration(state, "flop_per_second", c.flops);
}

void linear_gradient(State& state) {
  LinearCase c(state);
  const elbo::LayerGradient<float> gradient{c.linear, &c.x, &c.dy};
  for (auto _ : state) gradient.add_to(c.gradient);
  per_iteration(state, "flop_per_second", c.flops);
}

void activation(State& state, elbo::Activation f) {
  const Matrix x = Matrix::Random(hidden, n);
  Matrix y;
  for (auto _ : state) {
    y = x;
    elbo::activate(f, y);
    benchmark::DoNotOptimize(y.data());
  }
  per_iteration(state, "items_per_second", hidden * n);
}

void bernoulli_gradient(State& state) {
  const Matrix x = Matrix::Random(pixels, n).cwiseAbs(), logits = 5 * Matrix::Random(pixels, n);
  Matrix d_logits, unused;
  for (auto _ : state) {
    benchmark::DoNotOptimize(elbo::log_likelihood_gradient(elbo::Likelihood::bernoulli, x, logits,
                                                           0.0F, d_logits, unused));
  }
  per_iteration(state, "items_per_second", pixels * n);
}

void adam_update(State& state) {
  constexpr Index size = 652825;  // all parameters of 784-400-20
  elbo::Adam<float> adam(size);
  Vector parameters = Vector::Zero(size);
  const Vector gradient = Vector::Random(size);
  for (auto _ : state) adam.step(parameters, gradient);
  per_iteration(state, "items_per_second", size);
}

// --- Data and noise ---

void normals(State& state) {
  const elbo::Random random(1, elbo::Stream::noise);
  for (auto _ : state) benchmark::DoNotOptimize(random.normal<float>(latent, n));
  per_iteration(state, "items_per_second", latent * n);
}

void permutation(State& state) {
  const elbo::Random random(1, elbo::Stream::shuffle);
  for (auto _ : state) benchmark::DoNotOptimize(random.permutation(60000));
  per_iteration(state, "items_per_second", 60000);
}

void gather(State& state) {
  constexpr Index count = 60000;
  const elbo::Images images{count, 28, 28, std::vector<std::uint8_t>(count * pixels, 100), {}};
  const auto order = elbo::Random(1, elbo::Stream::shuffle).permutation(count);
  Matrix x;
  std::size_t first = 0;
  for (auto _ : state) {
    images.gather({order.data() + first, n}, x);
    first = (first + n) % (order.size() - n);
  }
  per_iteration(state, "bytes_per_second", pixels * n);
}

// --- Bounds ---

void kl(State& state) {
  const elbo::DiagonalNormal<float> q{Matrix::Random(latent, n), Matrix::Random(latent, n)};
  for (auto _ : state) benchmark::DoNotOptimize(elbo::kl_from_standard_normal(q));
  per_iteration(state, "items_per_second", latent * n);
}

void log_mean_exp(State& state) {
  constexpr Index count = 5000;
  const Vector log_weights = Vector::Random(count) * 10;
  for (auto _ : state) {
    elbo::LogMeanExp mean;
    for (const float log_weight : log_weights) mean.add(static_cast<double>(log_weight));
    benchmark::DoNotOptimize(mean.value());
  }
  per_iteration(state, "items_per_second", count);
}

BENCHMARK(linear_forward)->Args({pixels, hidden})->Args({hidden, pixels});
BENCHMARK(linear_backward)->Args({pixels, hidden})->Args({hidden, pixels});
BENCHMARK(linear_gradient)->Args({pixels, hidden})->Args({hidden, pixels});
BENCHMARK_CAPTURE(activation, relu, elbo::Activation::relu);
BENCHMARK_CAPTURE(activation, tanh, elbo::Activation::tanh);
BENCHMARK(bernoulli_gradient);
BENCHMARK(adam_update);
BENCHMARK(normals);
BENCHMARK(permutation);
BENCHMARK(gather);
BENCHMARK(kl);
BENCHMARK(log_mean_exp);

}  // namespace

BENCHMARK_MAIN();
