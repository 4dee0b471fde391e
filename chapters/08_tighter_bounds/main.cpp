// Chapter 8. A floor that rises, and codes that carry nothing.
//
// More samples lift the bound towards log p(x). What that buys the decoder, what it costs the
// encoder; what the two halves of the bound trade with each other; and why some dimensions of a
// code say nothing, with the bound or without it.
#include <algorithm>
#include <stdexcept>
#include <string>

#include "sections.hpp"

namespace {

int run(int argc, char** argv) {
  chapter::ChapterOptions o;
  if (!o.parse(argc, argv)) return 0;
  const elbo::CommonOptions& common = o.options.common;
  elbo::Report report(o.options);
  elbo::Threads threads(common.threads);

  const elbo::DataLimits limits =
      common.quick ? elbo::DataLimits{2000, 500} : elbo::DataLimits{10000, 1000};
  const elbo::Dataset digits = elbo::load_digits(common.data, limits, threads.count());
  constexpr elbo::Index fewest = 100;
  if (std::min(digits.train.count, digits.test.count) < fewest) {
    throw std::runtime_error("--data " + common.data + ": wanted at least " +
                             std::to_string(fewest) + " training and test images, found " +
                             std::to_string(digits.train.count) + " and " +
                             std::to_string(digits.test.count) + "; choose a larger set");
  }
  if (std::min(digits.train.rows, digits.train.cols) < 4) {
    throw std::runtime_error("--data " + common.data + ": wanted images of at least 4 x 4 pixels");
  }
  report.data(digits);
  // [data]
  // The same draw for every seed: two runs differ in their training, not in their data.
  const elbo::Images train =
      chapter::binarized(chapter::halved(digits.train), {8, elbo::Stream::data, 1});
  const elbo::Images test =
      chapter::binarized(chapter::halved(digits.test), {8, elbo::Stream::data, 2});
  // [data]
  report.say(digits.name + ": " + std::to_string(train.count) + " training and " +
             std::to_string(test.count) +
             " test images, at half their width and height, black or white");

  const bool known =
      digits.name == "digits" || digits.name == "mnist" || digits.name == "binarized-mnist";
  const chapter::Run here{report, train, test, threads, o, known && o.as_printed()};
  // [sections]
  chapter::bounds(here);
  chapter::signal_to_noise(here);
  chapter::training_with_k(here);
  chapter::rate_distortion(here);
  chapter::collapse(here);
  chapter::linear_collapse(here);
  // [sections]
  return report.finish();
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("08_tighter_bounds", [&] { return run(argc, argv); });
}
