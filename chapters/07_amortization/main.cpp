// Chapter 7. What an encoder costs.
//
// Exact inference asks for every image: which codes could have made it? An encoder answers without
// looking, by what it learned from others. That is amortisation: the work is done once, and each
// answer is a little worse for it. How much worse can be measured, and split in two: what no q of
// this shape could do, and what this encoder does not.
#include <algorithm>
#include <stdexcept>
#include <string>

#include "elbo/options.hpp"
#include "sections.hpp"

namespace {

int run(int argc, char** argv) {
  elbo::Options options("07_amortization", "Chapter 7: what an encoder costs.");
  chapter::ChapterOptions o;
  options.add("--overlap", o.overlap, "of the linear model's two directions", {0, 0.99});
  options.add("--seen-data", o.seen_data, "data that its linear encoder has seen", {1, 9});
  options.add("--train", o.train, "training images", {100, 60000});
  options.add("--epochs", o.epochs, "passes over them", {1, 10000});
  options.add("--hidden", o.hidden, "width of the hidden layers", {1, 10000});
  options.add("--images", o.images, "images of each kind to infer the codes of", {10, 10000});
  options.add("--refine", o.refine, "gradient steps from the encoder's answer", {1, 10000});
  if (!options.parse(argc, argv)) return 0;
  const elbo::CommonOptions& common = options.common;
  if (common.quick) {
    if (!options.given("--train")) o.train = 1000;
    if (!options.given("--epochs")) o.epochs = 40;
    if (!options.given("--hidden")) o.hidden = 100;
    if (!options.given("--images")) o.images = 100;
  }
  elbo::Report report(options);
  elbo::Threads threads(common.threads);
  const elbo::Dataset data = elbo::load_digits(common.data, {o.train, o.images}, threads.count());
  constexpr elbo::Index fewest = 100;  // enough for a mini-batch
  if (data.train.count < fewest || data.test.count < 10) {
    throw std::runtime_error("--data " + common.data + ": wanted at least 100 training and 10 " +
                             "test images, found " + std::to_string(data.train.count) + " and " +
                             std::to_string(data.test.count) + "; choose a larger set");
  }
  report.data(data);
  report.say(data.name + ": " + std::to_string(data.train.count) + " training and " +
             std::to_string(data.test.count) + " test images, made black and white");

  const chapter::Run here{report, threads, common.seed, common.quick};
  // [sections]
  chapter::linear_gaussian(here, o);
  chapter::chains(here);
  const chapter::Trained trained = chapter::train_model(here, o, data);
  const chapter::Answers answers = chapter::four_inferences(here, o, trained);
  chapter::two_by_two(here, trained, answers);
  chapter::importance(here, trained, answers);
  chapter::two_posteriors(here, trained, answers);
  // [sections]
  return report.finish();
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("07_amortization", [&] { return run(argc, argv); });
}
