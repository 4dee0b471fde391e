// What an epoch's seconds depend on: threads, batch, images; and training on epochs.
#include <algorithm>
#include <string>
#include <vector>

#include "elbo/trainer.hpp"
#include "sections.hpp"
#include "timing.hpp"

namespace bench {
namespace {

using elbo::Index;

// Seconds of the whole training of a fresh model.
double train(const Run& run, elbo::Threads& threads, const elbo::Images& images, Index batch,
             int epochs) {
  elbo::Vae<float> vae(model(images.dimension()), run.seed);
  elbo::Adam<float> adam(vae.parameters.size());
  const auto data = elbo::DataSource<float>::from(images);
  return seconds([&] {
    elbo::train(vae, adam, data, {.epochs = epochs, .batch = batch, .seed = run.seed}, threads);
  });
}

// One line of the table for each value of `name`. The rounds go through all values, so that what
// else the machine does meets each of them.
template <class Measure>
std::vector<double> sweep(const Run& run, const std::string& name, const std::vector<Index>& values,
                          int rounds, const Measure& measure) {
  std::vector<double> best(values.size(), 1e300);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < values.size(); ++i) best[i] = std::min(best[i], measure(values[i]));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string path = "/scaling/" + name + "/" + std::to_string(i) + "/";
    run.results.number(path + name, static_cast<double>(values[i]));
    run.results.number(path + "seconds", best[i]);
  }
  return best;
}

// 1, 2, 4, ... and all.
std::vector<Index> counts(Index cores) {
  std::vector<Index> counts;
  for (Index n = 1; n < cores; n *= 2) counts.push_back(n);
  counts.push_back(cores);
  return counts;
}

}  // namespace

void scaling(const Run& run) {
  const elbo::Dataset data = run.load(run.data);
  const Index all = data.train.count;
  const int rounds = run.quick ? 1 : 3;

  const std::vector<double> threads =
      sweep(run, "threads", counts(run.threads.count()), run.quick ? 2 : 5, [&](Index count) {
        elbo::Threads some(static_cast<int>(count));
        return train(run, some, data.train, 128, 1);
      });
  if (threads.size() > 1) {
    run.results.number("/scaling/speedup_of_second_core", threads[0] / threads[1]);
  }
  sweep(run, "batch", {32, 64, 128, 256, 512, 1024}, rounds,
        [&](Index batch) { return train(run, run.threads, data.train, batch, 1); });
  const std::vector<double> sizes =
      sweep(run, "images", {all / 4, all / 2, all}, rounds, [&](Index count) {
        const elbo::Images part = data.train.first(count);
        return train(run, run.threads, part, 128, 1);
      });
  run.results.number("/scaling/seconds_of_4_times_the_images", sizes[2] / sizes[0]);
  const elbo::Images quarter = data.train.first(all / 4);
  const std::vector<double> epochs = sweep(run, "epochs", {1, 2, 4}, rounds, [&](Index count) {
    return train(run, run.threads, quarter, 128, static_cast<int>(count));
  });
  run.results.number("/scaling/seconds_of_4_times_the_epochs", epochs[2] / epochs[0]);
}

}  // namespace bench
