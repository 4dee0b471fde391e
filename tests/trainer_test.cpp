// The trainer: the same bytes on any number of threads, and plain Adam on the full gradient.
#include "elbo/trainer.hpp"

#include <cstring>

#include "check.hpp"

using namespace elbo;

namespace {

// Two kinds of pictures, noisy: something to learn.
template <class T>
Matrix<T> stripes(Index pixels, Index count) {
  Matrix<T> x = T(0.3) * Random(111, Stream::data).uniform<T>(pixels, count);
  for (Index i = 0; i < count; ++i) {
    for (Index p = i % 2; p < pixels; p += 2) x(p, i) += T(0.6);
  }
  return x;
}

// More parameters than one block of 4096, and batches of four shards, the last one not full.
const VaeOptions wide{.pixels = 64, .hidden = {40}, .latent = 3};
const TrainingOptions brief{.epochs = 2, .batch = 200, .samples = 2, .seed = 5};

Vector<float> trained(const TrainingOptions& options, int thread_count) {
  const Matrix<float> x = stripes<float>(64, 450);
  Vae<float> vae(wide, 3);
  Adam<float> adam(vae.parameters.size());
  Threads threads(thread_count);
  train(vae, adam, DataSource<float>::from(x), options, threads);
  return vae.parameters;
}

bool same_bytes(const Vector<float>& a, const Vector<float>& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), sizeof(float) * static_cast<std::size_t>(a.size())) == 0;
}

}  // namespace

TEST_CASE("training gives the same bytes on any number of threads", "[trainer][threads]") {
  const Vector<float> one = trained(brief, 1);
  REQUIRE(one.size() > 4096);
  for (const int count : {1, 2, 3, 4}) {
    INFO(count << " threads");
    CHECK(same_bytes(trained(brief, count), one));
  }
  TrainingOptions other = brief;
  other.seed = 6;
  CHECK_FALSE(same_bytes(trained(other, 1), one));
}

TEST_CASE("twenty steps of either bound are the same bytes on 1, 2 and 4 threads",
          "[trainer][threads]") {
  // Batches of four shards, weights cut into several pieces, an epoch's last batch not full.
  const Matrix<float> x = stripes<float>(400, 450);
  const VaeOptions model{.pixels = 400, .hidden = {300}, .latent = 3};
  for (const Bound bound : {Bound::elbo, Bound::iwae}) {
    std::vector<Vector<float>> ends;
    for (const int count : {1, 2, 4, 1}) {
      Vae<float> vae(model, 3);
      Adam<float> adam(vae.parameters.size());
      Threads threads(count);
      Trainer<float, Vae> trainer(
          vae, adam, {.epochs = 7, .batch = 200, .samples = 2, .seed = 5, .bound = bound}, threads);
      trainer.train(DataSource<float>::from(x));
      CHECK(trainer.progress.steps == 21);
      ends.push_back(vae.parameters);
      INFO(count << " threads, " << (bound == Bound::elbo ? "ELBO" : "IWAE"));
      CHECK(same_bytes(ends.back(), ends.front()));
    }
  }
}

TEST_CASE("other compilers and processors train to nearly the same numbers", "[trainer]") {
  // The bits are one kind of machine's own: another multiplies in registers of other widths, and
  // with or without rounding in between. g++ 12 and clang++ 14, each for AVX-512, AVX2 and plain
  // x86-64, agreed in all digits of the double, and to 3e-6 in the float; asked are ten times that.
  const auto last_elbo = [](auto number) {
    using T = decltype(number);
    const Matrix<T> x = stripes<T>(400, 600);
    Vae<T> vae({.pixels = 400, .hidden = {300}, .latent = 3}, 3);
    Adam<T> adam(vae.parameters.size());
    Threads threads(2);
    double elbo = 0;
    train(vae, adam, DataSource<T>::from(x), {.epochs = 7, .batch = 200, .seed = 5}, threads,
          [&](const Epoch& epoch) { elbo = epoch.elbo(); });
    return elbo;
  };
  CHECK_THAT(last_elbo(0.0F), WithinAbs(-215.358625, 3e-5));
  CHECK_THAT(last_elbo(0.0), WithinAbs(-215.35881139769458, 1e-9));
}

TEST_CASE("training is plain Adam on the mean gradient of each mini-batch", "[trainer]") {
  // 150 = 70 + 70 + 10: shards of 64 and 6, and a last batch that is not full.
  const Index count = 150, d = 2;
  const TrainingOptions options{.epochs = 2,
                                .batch = 70,
                                .samples = 3,
                                .weights = {.reconstruction = 0.8, .kl = 1.7},
                                .seed = 9};
  const AdamOptions adam_options{.learning_rate = 0.01};
  const Matrix<double> x = stripes<double>(8, count);
  Vae<double> vae({.pixels = 8, .hidden = {6}, .latent = d}, 4), plain = vae;
  Adam<double> adam(vae.parameters.size(), adam_options), plain_adam = adam;
  Threads threads(2);
  std::vector<Epoch> epochs;
  train(vae, adam, DataSource<double>::from(x), options, threads,
        [&](const Epoch& epoch) { epochs.push_back(epoch); });
  REQUIRE(epochs.size() == 2);

  for (std::uint64_t epoch = 1; epoch <= 2; ++epoch) {
    double reconstruction = 0, kl = 0;
    const auto order = Random(options.seed, Stream::shuffle, epoch).permutation(count);
    for (Index first = 0; first < count; first += options.batch) {
      const Index n = std::min(options.batch, count - first);
      Matrix<double> batch(8, n);
      for (Index i = 0; i < n; ++i)
        batch.col(i) = x.col(order[static_cast<std::size_t>(first + i)]);
      // The image at place i of epoch e takes, for draw l, numbers i d and on of substream (e, l).
      const auto place = static_cast<std::uint64_t>(first);
      Vector<double> gradient = Vector<double>::Zero(plain.parameters.size());
      Vae<double>::Workspace w;
      for (std::uint64_t sample = 0; sample < 3; ++sample) {
        const Random noise(options.seed, Stream::noise, epoch << 24 | sample);
        const Matrix<double> eps = noise.normal<double>(d, n, place * d);
        const ElboTerms<double> terms =
            plain.elbo_gradient(batch, eps, options.weights, gradient, w);
        reconstruction += terms.reconstruction.sum() / (3.0 * count);
        kl += terms.kl.sum() / (3.0 * count);
      }
      plain_adam.step(plain.parameters, gradient / (3.0 * static_cast<double>(n)));
    }
    const Epoch& got = epochs[epoch - 1];
    CHECK(got.number == static_cast<int>(epoch));
    CHECK_THAT(got.reconstruction, WithinAbs(reconstruction, 1e-11));
    CHECK_THAT(got.kl, WithinAbs(kl, 1e-11));
    CHECK((got.elbo() == got.reconstruction - got.kl && got.seconds >= 0));
  }
  // Only the order of the sums differs; Adam divides small numbers by small ones, hence not 1e-15.
  CHECK(max_difference(vae.parameters, plain.parameters) < 1e-10);
  CHECK(adam.steps() == 6);
}

TEST_CASE("KL warm-up: the weight of each step, written out", "[trainer][eq:kl-warm-up]") {
  // 3 steps an epoch, 1.5 epochs of warm-up: weights 0, 2/9, 4/9, 6/9, 8/9 of 1.7, then 1.7. One
  // shard a step, so that nothing but the weight can differ.
  const double part[] = {0, 2 / 9.0, 4 / 9.0, 6 / 9.0, 8 / 9.0, 1, 1, 1, 1};
  const Matrix<double> x = stripes<double>(8, 150);
  Vae<double> vae({.pixels = 8, .hidden = {6}, .latent = 2}, 4), plain = vae;
  Adam<double> adam(vae.parameters.size()), plain_adam = adam;
  Threads threads(1);
  train(vae, adam, DataSource<double>::from(x),
        {.epochs = 3, .batch = 60, .weights = {.kl = 1.7}, .seed = 9, .warm_up = 1.5}, threads);
  int step = 0;
  for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) {
    const auto order = Random(9, Stream::shuffle, epoch).permutation(150);
    for (Index first = 0; first < 150; first += 60) {
      const Index n = std::min<Index>(60, 150 - first);
      Matrix<double> batch(8, n);
      for (Index i = 0; i < n; ++i) {
        batch.col(i) = x.col(order[static_cast<std::size_t>(first + i)]);
      }
      const Matrix<double> eps = Random(9, Stream::noise, epoch << 24)
                                     .normal<double>(2, n, static_cast<std::uint64_t>(2 * first));
      Vector<double> gradient = Vector<double>::Zero(plain.parameters.size());
      Vae<double>::Workspace w;
      plain.elbo_gradient(batch, eps, {.kl = 1.7 * part[step++]}, gradient, w);
      plain_adam.step(plain.parameters, gradient / static_cast<double>(n));
    }
  }
  // As above: only the order of the sums differs.
  CHECK(max_difference(vae.parameters, plain.parameters) < 1e-10);
  CHECK(contains(refusal([&] { Trainer<double, Vae>(vae, adam, {.warm_up = -1}, threads); }),
                 "warm_up >= 0"));
  FlowVae<double> flow({.pixels = 8, .hidden = {6}, .latent = 2}, 4);
  CHECK(contains(refusal([&] {
                   Trainer<double, FlowVae>(flow, adam, {.weights = {.free_bits = 1}}, threads);
                 }),
                 "free bits"));
}

TEST_CASE("training lowers the loss", "[trainer]") {
  const Matrix<float> x = stripes<float>(16, 256);
  Vae<float> vae({.pixels = 16, .hidden = {12}, .latent = 2}, 3);
  Adam<float> adam(vae.parameters.size(), {.learning_rate = 0.01});
  Threads threads(1);
  std::vector<double> bounds;
  train(vae, adam, DataSource<float>::from(x), {.epochs = 30, .batch = 32}, threads,
        [&](const Epoch& epoch) { bounds.push_back(epoch.elbo()); });
  REQUIRE(bounds.size() == 30);
  // 16 pixels at log 2 each to start with; telling the two kinds apart is worth more than a nat.
  CHECK(bounds.front() > -13);
  CHECK(bounds.back() > bounds.front() + 1.0);
}

TEST_CASE("an epoch's callback may change the learning rate", "[trainer]") {
  const Matrix<float> x = stripes<float>(16, 64);
  Vae<float> vae({.pixels = 16, .hidden = {}, .latent = 2}, 3);
  Adam<float> adam(vae.parameters.size());
  Threads threads(1);
  std::vector<Vector<float>> seen;
  train(vae, adam, DataSource<float>::from(x), {.epochs = 3}, threads, [&](const Epoch&) {
    seen.push_back(vae.parameters);
    adam.options.learning_rate = 0.0;
  });
  REQUIRE(seen.size() == 3);
  CHECK((same_bytes(seen[0], seen[1]) && same_bytes(seen[1], seen[2])));
}

TEST_CASE("a loss that is no longer finite stops the training in words", "[trainer]") {
  const Matrix<float> x = stripes<float>(16, 64);
  Vae<float> vae({.pixels = 16, .hidden = {8}, .latent = 2, .likelihood = Likelihood::gaussian}, 3);
  Adam<float> adam(vae.parameters.size(), {.learning_rate = 1e30});
  Threads threads(1);
  try {
    train(vae, adam, DataSource<float>::from(x), {.epochs = 50}, threads);
    FAIL("nothing was thrown");
  } catch (const std::runtime_error& error) {
    INFO(error.what());
    CHECK(contains(error.what(), "learning rate 1e+30"));
    CHECK(contains(error.what(), "--learning-rate"));
  }
}

TEST_CASE("a resumed run's large loss is no runaway one", "[trainer]") {
  // 64 x 64 pixels at log 2 each: below -1000 nats, where a fresh trainer has seen nothing yet.
  const Matrix<float> x = stripes<float>(4096, 64);
  Vae<float> vae({.pixels = 4096, .hidden = {4}, .latent = 2}, 3);
  Adam<float> adam(vae.parameters.size());
  Threads threads(1);
  Trainer<float, Vae> trainer(vae, adam, {.epochs = 3, .batch = 32}, threads);
  trainer.progress = {.epochs = 2, .steps = 4};
  CHECK(refusal([&] { trainer.train(DataSource<float>::from(x)); }).empty());
}

TEST_CASE("what the trainer refuses", "[trainer]") {
  Vae<float> vae({.pixels = 4, .hidden = {}, .latent = 1}, 1);
  Adam<float> adam(vae.parameters.size());
  Threads threads(1);
  const Matrix<float> x = stripes<float>(4, 3), none(4, 0);
  const auto run = [&](const Matrix<float>& data, const TrainingOptions& options) {
    return refusal([&] { train(vae, adam, DataSource<float>::from(data), options, threads); });
  };
  CHECK(contains(run(x, {.batch = 0}), "batch"));
  CHECK(contains(run(x, {.samples = 0}), "samples"));
  CHECK(contains(run(x, {.epochs = -1}), "epochs"));
  CHECK(contains(run(none, {}), "no training samples"));
  CHECK(run(x, {.epochs = 1}).empty());
}

TEST_CASE("a batch of more shards than gradients is the same sum", "[trainer]") {
  // 1200 samples are 19 shards of 64, so three gradients take two shards each. One step of Adam on
  // the mean gradient of all, with the noise that training draws.
  const Index count = 1200, d = 2;
  const Matrix<double> x = stripes<double>(8, count);
  Vae<double> vae({.pixels = 8, .hidden = {6}, .latent = d}, 4), plain = vae;
  Adam<double> adam(vae.parameters.size()), plain_adam = adam;
  Threads threads(2);
  train(vae, adam, DataSource<double>::from(x), {.epochs = 1, .batch = count, .seed = 9}, threads);

  const auto order = Random(9, Stream::shuffle, 1).permutation(count);
  Matrix<double> batch(8, count);
  for (Index i = 0; i < count; ++i) batch.col(i) = x.col(order[static_cast<std::size_t>(i)]);
  const Matrix<double> eps =
      Random(9, Stream::noise, std::uint64_t{1} << 24).normal<double>(d, count);
  Vector<double> gradient = Vector<double>::Zero(plain.parameters.size());
  Vae<double>::Workspace w;
  plain.elbo_gradient(batch, eps, {}, gradient, w);
  plain_adam.step(plain.parameters, gradient / static_cast<double>(count));
  CHECK(max_difference(vae.parameters, plain.parameters) < 1e-10);
}
