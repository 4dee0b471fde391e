// Chapter 4. The autoencoder, before anything about it is variational.
//
// Squeeze a picture through a few numbers and ask for it back. What comes through is worth having:
// it beats PCA, it takes noise away, it notices what it has never seen. What it does not give is a
// place to draw new codes from; and that x can be had back from z proves nothing about x.
#include <algorithm>
#include <stdexcept>
#include <string>

#include "elbo/options.hpp"
#include "sections.hpp"

namespace {

using elbo::Index;
using elbo::Matrix;

int run(int argc, char** argv) {
  elbo::Options options("04_autoencoder", "Chapter 4: the autoencoder, and what it lacks.");
  std::vector<double> hidden = {256};
  int latent = 8, epochs = 8, batch = 100, images = 20000;
  double learning_rate = 2e-3, noise_scale = 0.5;
  options.add("--latent", latent, "d, the length of a code (beside 2 and 32)", {3, 31});
  options.add("--hidden", hidden, "widths of the encoder; the decoder's in reverse", {1, 10000});
  options.add("--epochs", epochs, "passes over the training pictures", {1, 10000});
  options.add("--batch", batch, "pictures a step", {1, 100000});
  options.add("--learning-rate", learning_rate, "Adam's alpha", {1e-9, 1});
  options.add("--noise-scale", noise_scale, "standard deviation of the noise to take away",
              {0.01, 10});
  options.add("--images", images, "training pictures, at most", {100, 1e9});
  if (!options.parse(argc, argv)) return 0;
  const elbo::CommonOptions& common = options.common;
  if (common.quick && !options.given("--images")) images = 4000;
  if (common.quick && !options.given("--batch")) batch = 50;
  std::vector<Index> widths;
  for (const double width : hidden) {
    widths.push_back(static_cast<Index>(width));
    if (width == static_cast<double>(widths.back())) continue;
    throw elbo::UsageError("--hidden: wanted whole numbers, as in 200,200, found " +
                           std::to_string(width) + "; see 04_autoencoder --help");
  }
  elbo::Report report(options);
  elbo::Threads threads(common.threads);

  // [data]
  const elbo::Dataset digits =
      elbo::load_digits(common.data, {images, common.quick ? 1000 : 5000}, threads.count());
  const Matrix<float> train = digits.train.block<float>(0, digits.train.count);
  const Matrix<float> test = digits.test.block<float>(0, digits.test.count);
  // [data]
  constexpr Index fewest = 100, least_pixels = 36;
  if (std::min(train.cols(), test.cols()) < fewest || train.rows() < least_pixels) {
    throw std::runtime_error("--data " + common.data + ": wanted at least " +
                             std::to_string(fewest) + " training and test images of " +
                             std::to_string(least_pixels) + " pixels, found " +
                             std::to_string(train.cols()) + " and " + std::to_string(test.cols()) +
                             " of " + std::to_string(train.rows()) + "; choose a larger set");
  }
  report.data(digits);
  report.say(digits.name + ": " + std::to_string(train.cols()) + " training and " +
             std::to_string(test.cols()) + " test images");

  const chapter::Run here{report,      digits,      train,       test,  threads,
                          widths,      latent,      epochs,      batch, learning_rate,
                          noise_scale, common.seed, common.quick};
  const chapter::Autoencoders autoencoders = chapter::compare_widths(here);
  chapter::denoise(here);
  const elbo::Vae<float> vae = chapter::look_for_holes(here, autoencoders);
  chapter::detect_anomalies(here, autoencoders.narrow, vae);
  chapter::overcomplete(here);
  return report.finish();
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("04_autoencoder", [&] { return run(argc, argv); });
}
