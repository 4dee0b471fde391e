// Chapter 10. A VAE with many layers of codes and nothing to learn in its encoder.
//
// Let the encoder add noise, a little at a time, until nothing is left of the sample; let the
// decoder learn the way back. It is the VAE of chapter 5, with T codes instead of one, and its
// name is diffusion model.
#include <algorithm>
#include <stdexcept>
#include <string>

#include "elbo/options.hpp"
#include "sections.hpp"

namespace {

// [digits]
// The digits, 28 x 28: the chapter halves their sides.
elbo::Dataset load(elbo::Report& report, const elbo::CommonOptions& common, int threads) {
  const elbo::DataLimits limits = common.quick ? elbo::DataLimits{6000, 1000} : elbo::DataLimits{};
  elbo::Dataset digits = elbo::load_digits(common.data, limits, threads);
  constexpr elbo::Index fewest = 100, smallest = 4;
  const elbo::Index side = std::min(digits.train.rows, digits.train.cols);
  const elbo::Index count = std::min(digits.train.count, digits.test.count);
  if (count < fewest || side < smallest) {
    throw std::runtime_error(
        "--data " + common.data + ": wanted at least " + std::to_string(fewest) +
        " training and test images, " + std::to_string(smallest) + " pixels a side, found " +
        std::to_string(count) + " and " + std::to_string(side) + "; choose another set");
  }
  report.data(digits);
  return digits;
}
// [digits]

int run(int argc, char** argv) {
  elbo::Options options("10_diffusion", "Chapter 10: a hierarchical VAE that is a diffusion.");
  chapter::DiffusionOptions o;
  options.add("--shape", o.shape, "the points in the plane", {"moons", "spiral", "ring"});
  options.add("--schedule", o.schedule, "how fast the noise grows", {"linear", "cosine"});
  options.add("--steps", o.steps, "T, layers of the network's chain", {21, 2000});
  options.add("--variance", o.variance, "of the way back, in the plane", {"beta", "posterior"});
  options.add("--loss", o.loss, "what the networks descend", {"simple", "elbo"});
  options.add("--epochs", o.epochs, "passes over the points", {1, 100000});
  options.add("--digit-epochs", o.digit_epochs, "passes over the digits", {1, 100000});
  options.add("--scale", o.scale, "of the samples that are N(0.5, scale^2)", {0.2, 5});
  if (!options.parse(argc, argv)) return 0;
  const elbo::CommonOptions& common = options.common;
  if (common.quick && !options.given("--steps")) o.steps = 100;
  if (common.quick && !options.given("--epochs")) o.epochs = 8;
  if (common.quick && !options.given("--digit-epochs")) o.digit_epochs = 20;
  elbo::Report report(options);
  elbo::Threads threads(common.threads);
  const elbo::Dataset digits = load(report, common, threads.count());

  // [sections]
  const chapter::Run here{report, o, threads, common.seed, common.quick};
  chapter::encoder(here);
  chapter::elbo_terms(here);
  chapter::gaussian(here);
  chapter::plane(here);
  chapter::digits(here, digits);
  // [sections]
  return report.finish();
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("10_diffusion", [&] { return run(argc, argv); });
}
