#include "diffusion_lab.hpp"

#include <array>
#include <cmath>

namespace interactive {

using elbo::Index;
using elbo::Matrix;

namespace {

constexpr std::array names{"moons", "spiral", "ring"};
constexpr std::uint64_t seed = 1;
enum Set : std::uint64_t { training = 1, testing, shown };  // of the seed's points
constexpr Index points = 12800, batch = 128, tests = 300;
constexpr int epochs = 60;

elbo::Diffusion chain(int schedule) {
  using elbo::NoiseSchedule;
  return {schedule == 0 ? NoiseSchedule::linear(Lab::layers) : NoiseSchedule::cosine(Lab::layers),
          elbo::ReverseVariance::beta};
}

struct Enough {};  // thrown between two mini-batches

}  // namespace

Lab::Lab(int shape, int schedule)
    : shape_(names[static_cast<std::size_t>(shape)]),
      data_(shape_.draw(points, seed, training)),
      test_(shape_.draw(tests, seed, testing)),
      log_prob_(shape_.log_prob(test_.cast<double>())),
      denoiser_({.dimension = 2, .hidden = {64, 64, 64}}, chain(schedule), seed),
      adam_(denoiser_.parameters.size(), {.learning_rate = 4e-3}),
      trainer_(denoiser_, adam_,
               {.epochs = epochs, .batch = batch, .seed = seed, .schedule = elbo::Schedule::cosine},
               threads_) {}

long Lab::planned() {
  return epochs * points / batch;
}

void Lab::train(int steps) {
  const long last = this->steps() + steps;
  try {
    trainer_.train(elbo::DataSource<float>::from(data_), {}, [&](const elbo::Progress& progress) {
      if (progress.steps >= last) throw Enough();
    });
  } catch (const Enough&) {
  }
}

std::vector<Matrix<float>> Lab::forward(Index n) const {
  std::vector<Matrix<float>> frames{shape_.draw(n, seed, shown)};
  for (int t = 1; t <= layers; ++t) {
    const float beta = static_cast<float>(schedule().beta(t));
    const elbo::Random random(seed, elbo::Stream::play, static_cast<std::uint64_t>(t));
    frames.push_back(std::sqrt(1 - beta) * frames.back() +
                     std::sqrt(beta) * random.normal<float>(2, n));
  }
  return frames;
}

std::vector<Matrix<float>> Lab::reverse(Index n) {
  std::vector<int> late_first(layers + 1);
  for (int t = 0; t <= layers; ++t) late_first[static_cast<std::size_t>(t)] = layers - t;
  std::vector<Matrix<float>> frames =
      chapter::Ancestral{denoiser_, denoiser_.diffusion(), seed}.paths(n, late_first, threads_);
  return {frames.rbegin(), frames.rend()};
}

Lab::Verdict Lab::judge() {
  const chapter::Bound bound =
      chapter::bound_of(denoiser_, denoiser_.diffusion(), test_, seed, threads_);
  std::vector<double> gaps;
  for (Index i = 0; i < test_.cols(); ++i) {
    gaps.push_back(log_prob_(i) - bound.elbo[static_cast<std::size_t>(i)]);
  }
  const elbo::Average gap(gaps);
  return {bound.average().mean, log_prob_.mean(), gap.mean, gap.standard_error};
}

}  // namespace interactive
