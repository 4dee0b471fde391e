// The autoencoder: values by plain loops, the gradient by finite differences, training by hand.
#include "elbo/autoencoder.hpp"

#include <cstring>

#include "gradient_check.hpp"

using namespace elbo;

namespace {

const Random numbers(61, Stream::play);

Autoencoder<double> random_model(const std::vector<Index>& hidden, Activation activation) {
  Autoencoder<double> model({.pixels = 6, .hidden = hidden, .latent = 2, .activation = activation},
                            1);
  model.parameters = 0.6 * numbers.normal<double>(model.parameters.size(), 1, 5000);
  return model;
}

// The whole network by plain loops over its named slices, for one input column. `kink`: the
// smallest |input| of an activation so far.
std::vector<double> naive(const Autoencoder<double>& model, const Vector<double>& at,
                          std::vector<double> x, double& kink) {
  const auto& slices = model.layout().slices();  // weight, bias, weight, bias, ...
  for (std::size_t l = 0; l < slices.size(); l += 2) {
    const Slice &w = slices[l].second, &b = slices[l + 1].second;
    std::vector<double> y;
    for (Index r = 0; r < w.rows; ++r) {
      double sum = at(b.offset + r);
      for (Index c = 0; c < w.cols; ++c)
        sum += at(w.offset + c * w.rows + r) * x[static_cast<std::size_t>(c)];
      // The code and the output stay linear.
      const bool to_code = l + 2 < slices.size() && slices[l + 2].first == "decoder.0.weight";
      if (!to_code && l + 2 < slices.size()) {
        kink = std::min(kink, std::abs(sum));
        sum = model.options().activation == Activation::tanh ? std::tanh(sum) : std::max(sum, 0.0);
      }
      y.push_back(sum);
    }
    x = y;
  }
  return x;
}

double naive_error(const Autoencoder<double>& model, const Vector<double>& at,
                   const Matrix<double>& input, const Matrix<double>& target, Index column,
                   double& kink) {
  std::vector<double> x;
  for (Index r = 0; r < input.rows(); ++r) x.push_back(input(r, column));
  const std::vector<double> y = naive(model, at, x, kink);
  double sum = 0;
  for (Index r = 0; r < input.rows(); ++r) {
    const double residual = target(r, column) - y[static_cast<std::size_t>(r)];
    sum += residual * residual;
  }
  return sum;
}

Vector<float> trained(int thread_count, std::uint64_t seed, double noise_scale) {
  const Matrix<float> x = numbers.uniform<float>(100, 450);
  // More than one layer of more than one shard: 450 = 200 + 200 + 50, shards of 64.
  Autoencoder<float> model({.pixels = 100, .hidden = {60}, .latent = 3}, 3);
  Adam<float> adam(model.parameters.size());
  Threads threads(thread_count);
  train(model, adam, DataSource<float>::from(x),
        {.epochs = 2, .batch = 200, .noise_scale = noise_scale, .seed = seed}, threads);
  return model.parameters;
}

bool same_bytes(const Vector<float>& a, const Vector<float>& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), sizeof(float) * static_cast<std::size_t>(a.size())) == 0;
}

}  // namespace

TEST_CASE("squared error by plain loops", "[autoencoder][eq:autoencoder-squared-error]") {
  const auto hidden =
      GENERATE(std::vector<Index>{}, std::vector<Index>{7}, std::vector<Index>{6, 5});
  const Autoencoder<double> model = random_model(hidden, Activation::relu);
  const Matrix<double> x = numbers.uniform<double>(6, 4);
  const RowVector<double> got = model.squared_error(x);
  double kink = 1;
  REQUIRE(got.size() == 4);
  for (Index i = 0; i < 4; ++i) {
    // Some hundred roundings of numbers below 100.
    CHECK_THAT(got(i), WithinAbs(naive_error(model, model.parameters, x, x, i, kink), 1e-12 * 100));
  }
  CHECK(model.encode(x).rows() == 2);
  CHECK(max_difference(model.decode(model.encode(x)), model.reconstruct(x)) == 0);
}

TEST_CASE("gradient of the squared error by finite differences",
          "[autoencoder][eq:autoencoder-gradient]") {
  const auto activation = GENERATE(Activation::relu, Activation::tanh);
  const auto hidden =
      GENERATE(std::vector<Index>{}, std::vector<Index>{7}, std::vector<Index>{6, 5});
  const Autoencoder<double> model = random_model(hidden, activation);
  // Input and target differ, as they do when denoising.
  const Matrix<double> input = numbers.uniform<double>(6, 5),
                       target = numbers.uniform<double>(6, 5, 100);
  double kink = 1;
  const Objective f = [&](const Vector<double>& at) {
    double sum = 0;
    for (Index i = 0; i < 5; ++i) sum += naive_error(model, at, input, target, i, kink);
    return sum;
  };
  const double value = f(model.parameters);
  // Finite differences move an activation's input by some 1e-5: no kink may be that near.
  REQUIRE((activation == Activation::tanh || kink > 1e-4));

  Autoencoder<double>::Workspace w;
  const RowVector<double> squares = model.errors(input, target, w);
  CHECK_THAT(squares.sum(), WithinAbs(value, 1e-12 * std::max(1.0, value)));
  Vector<double> gradient = Vector<double>::Zero(model.parameters.size());
  for (const LayerGradient<double>& layer : model.gradients(input, w)) layer.add_to(gradient);
  check_gradient(f, model.parameters, gradient);

  CHECK(contains(refusal([&] { model.errors(input, target.leftCols(4), w); }), "6 x 5"));
}

TEST_CASE("the autoencoder's training: the same bytes on any number of threads",
          "[autoencoder][threads]") {
  const Vector<float> one = trained(1, 5, 0.3);
  for (const int count : {2, 3, 4}) CHECK(same_bytes(trained(count, 5, 0.3), one));
  CHECK_FALSE(same_bytes(trained(1, 6, 0.3), one));
  CHECK_FALSE(same_bytes(trained(1, 5, 0.0), one));
}

TEST_CASE("the autoencoder's training is plain Adam on the mean gradient", "[autoencoder]") {
  // 150 = 70 + 70 + 10: shards of 64 and 6, and a last batch that is not full.
  const Index count = 150;
  const AutoencoderTraining options{.epochs = 2, .batch = 70, .noise_scale = 0.4, .seed = 9};
  const Matrix<double> x = numbers.uniform<double>(6, count);
  Autoencoder<double> model = random_model({7}, Activation::tanh), plain = model;
  Adam<double> adam(model.parameters.size(), {.learning_rate = 0.01}), plain_adam = adam;
  Threads threads(2);
  std::vector<double> reported;
  train(model, adam, DataSource<double>::from(x), options, threads,
        [&](int epoch, double squared_error) {
          CHECK(epoch == static_cast<int>(reported.size()) + 1);
          reported.push_back(squared_error);
        });
  REQUIRE(reported.size() == 2);

  int step = 0;
  for (std::uint64_t epoch = 1; epoch <= 2; ++epoch) {
    const auto order = Random(9, Stream::shuffle, epoch).permutation(count);
    const Matrix<double> noise = Random(9, Stream::noise, epoch).normal<double>(6, count);
    double sum = 0, kink = 1;
    for (Index first = 0; first < count; first += 70) {
      const Index n = std::min<Index>(70, count - first);
      Matrix<double> target(6, n);
      for (Index i = 0; i < n; ++i)
        target.col(i) = x.col(order[static_cast<std::size_t>(first + i)]);
      const Matrix<double> input = target + 0.4 * noise.middleCols(first, n);
      for (Index i = 0; i < n; ++i)
        sum += naive_error(plain, plain.parameters, input, target, i, kink);
      Autoencoder<double>::Workspace w;
      plain.errors(input, target, w);
      Vector<double> gradient = Vector<double>::Zero(plain.parameters.size());
      for (const LayerGradient<double>& layer : plain.gradients(input, w)) layer.add_to(gradient);
      // Half a cosine over the six steps of both epochs.
      plain_adam.options.learning_rate = 0.01 * 0.5 * (1 + std::cos(std::acos(-1.0) * step++ / 6));
      plain_adam.step(plain.parameters, gradient / static_cast<double>(n));
    }
    CHECK_THAT(reported[epoch - 1], WithinAbs(sum / count, 1e-11));
  }
  // Only the order of the sums differs; Adam divides small numbers by small ones, hence not 1e-15.
  CHECK(max_difference(model.parameters, plain.parameters) < 1e-10);
}

TEST_CASE("a loss that is no longer finite stops the training", "[autoencoder]") {
  const Matrix<double> x = numbers.uniform<double>(6, 50);
  Autoencoder<double> model = random_model({7}, Activation::relu);
  Adam<double> adam(model.parameters.size(), {.learning_rate = 1e200});
  Threads threads(1);
  const auto diverge = [&] {
    train(model, adam, DataSource<double>::from(x), {.epochs = 5, .batch = 10}, threads);
  };
  CHECK_THROWS_AS(diverge(), std::runtime_error);
  CHECK(contains(refusal([] { Autoencoder<float>({.latent = 0}, 1); }), "width of 0"));
}
