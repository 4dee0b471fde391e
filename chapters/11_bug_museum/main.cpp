// Chapter 11. The bug museum: what everybody has written once, with its measured damage.
//
// Every exhibit is a program that trains a small VAE and has one line wrong. It runs, it prints a
// bound that rises, it draws pictures. What it prints stands beside what the library measures of
// the model that came out of it.
#include <algorithm>
#include <iostream>
#include <mutex>
#include <stdexcept>

#include "elbo/options.hpp"
#include "sections.hpp"

namespace {

using elbo::Images;

// [binarise]
// Each pixel black or white, by a coin whose chance is its grey. (What is black or white stays.)
Images binarise(Images images, const elbo::Random& random) {
  for (std::size_t i = 0; i < images.pixels.size(); ++i) {
    const bool white = random.uniform(i) < images.pixels[i] / 255.0;
    images.pixels[i] = white ? 255 : 0;
  }
  return images;
}
// [binarise]

struct MuseumOptions {
  elbo::Options options{"11_bug_museum", "The bug museum: wrong programs and what they cost."};
  std::string bug = "all";
  bool list = false;
  int hidden = 64, latent = 8, images = 5000, epochs = 10, importance_samples = 200;
  double learning_rate = 4e-3;

  bool parse(int argc, char** argv) {
    std::vector<std::string> names = {"all"};
    for (const chapter::Exhibit& e : chapter::exhibits()) names.push_back(e.card.name);
    options.add("--bug", bug, "the exhibit to look at", names);
    options.add("--list", list, "tell of every exhibit, run none");
    options.add("--hidden", hidden, "width of the encoder, and of the decoder", {1, 10000});
    options.add("--latent", latent, "d, the length of a code", {1, 100});
    options.add("--images", images, "to train on", {100, 60000});
    options.add("--epochs", epochs, "passes over them", {1, 1000});
    options.add("--learning-rate", learning_rate, "Adam's alpha", {1e-9, 1});
    options.add("--importance-samples", importance_samples, "K, for log p(x)", {2, 1000000});
    if (!options.parse(argc, argv)) return false;
    if (options.common.quick && !options.given("--images")) images = 1200;
    if (options.common.quick && !options.given("--epochs")) epochs = 6;
    if (options.common.quick && !options.given("--importance-samples")) importance_samples = 100;
    return true;
  }
};

int run(int argc, char** argv) {
  MuseumOptions o;
  if (!o.parse(argc, argv)) return 0;
  const elbo::CommonOptions& common = o.options.common;
  if (o.list) {
    for (const chapter::Exhibit& e : chapter::exhibits()) chapter::describe(std::cout, e.card);
    return 0;
  }
  elbo::Report report(o.options);
  elbo::Threads threads(common.threads);
  const elbo::Dataset digits = elbo::load_digits(
      common.data, {.train = o.images, .test = common.quick ? 100 : 500}, threads.count());
  constexpr elbo::Index fewest = 100;  // enough for a few mini-batches, and to measure on
  if (std::min(digits.train.count, digits.test.count) < fewest) {
    throw std::runtime_error("--data " + common.data + ": wanted at least " +
                             std::to_string(fewest) + " training and test images, found " +
                             std::to_string(digits.train.count) + " and " +
                             std::to_string(digits.test.count) + "; choose a larger set");
  }
  report.data(digits);
  const chapter::Pictures grey{digits.train, digits.test};
  const chapter::Pictures binary{
      binarise(digits.train, elbo::Random(common.seed, elbo::Stream::data, 1)),
      binarise(digits.test, elbo::Random(common.seed, elbo::Stream::data, 2))};
  const chapter::Run here{report,
                          grey,
                          binary,
                          threads,
                          common.seed,
                          common.quick,
                          {.pixels = digits.train.dimension(),
                           .hidden = o.hidden,
                           .latent = o.latent,
                           .learning_rate = o.learning_rate},
                          o.epochs,
                          o.importance_samples};

  std::vector<const chapter::Exhibit*> shown;
  for (const chapter::Exhibit& e : chapter::exhibits()) {
    if (o.bug == "all" || e.card.name == o.bug || e.card.name == chapter::exhibit(o.bug).like) {
      shown.push_back(&e);
    }
  }
  if (o.bug != "all" && !common.json) chapter::describe(std::cout, chapter::exhibit(o.bug).card);
  std::vector<chapter::Verdict> verdicts(shown.size());
  std::mutex one_at_a_time;
  int done = 0;
  threads.run(static_cast<int>(shown.size()), [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    verdicts[at] = chapter::visit(*shown[at], here);
    const std::lock_guard hold(one_at_a_time);
    report.progress("museum", ++done, static_cast<int>(shown.size()), shown[at]->card.name);
  });
  chapter::hang(here, verdicts);
  // What a bug costs is claimed of digits. Of the reader's own pictures it is only reported.
  if (digits.name == "digits" || digits.name == "mnist" || digits.name == "binarized-mnist") {
    chapter::claim_damage(here, verdicts);
  }
  return report.finish();
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("11_bug_museum", [&] { return run(argc, argv); });
}
