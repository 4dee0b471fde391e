// Chapter 9. Posteriors of any shape: a normal pushed through a map whose Jacobian is known.
//
// The encoder's q(z | x) is a normal with a diagonal covariance, and the true posterior is not.
// What is left between the ELBO and log p(x) is the price. A flow bends the normal: first in the
// plane, where everything can be seen, then inside the VAE.
#include <algorithm>
#include <stdexcept>

#include "elbo/options.hpp"
#include "sections.hpp"

namespace {

// Every pixel black or white, so that a density of coins is a likelihood.
void binarise(elbo::Images& images) {
  for (std::uint8_t& pixel : images.pixels) pixel = pixel > 127 ? 255 : 0;
}

int run(int argc, char** argv) {
  elbo::Options options("09_flows", "Chapter 9: normalizing flows, in the plane and in the VAE.");
  int layers = 16, steps = 2, hidden = 320, latent = 20, epochs = 30, samples = 500, images = 20000;
  options.add("--layers", layers, "most layers of a planar flow", {4, 64});
  options.add("--steps", steps, "steps of the inverse autoregressive flow", {1, 16});
  options.add("--flow-hidden", hidden, "hidden units of each step", {1, 2000});
  options.add("--latent", latent, "d, the length of a code", {2, 200});
  options.add("--epochs", epochs, "passes over the training images", {1, 10000});
  options.add("--images", images, "training images", {100, 1e6});
  options.add("--importance-samples", samples, "K, for log p(x)", {2, 100000});
  if (!options.parse(argc, argv)) return 0;
  const elbo::CommonOptions& common = options.common;
  if (common.quick && !options.given("--epochs")) epochs = 3;
  if (common.quick && !options.given("--images")) images = 4000;
  if (common.quick && !options.given("--importance-samples")) samples = 50;
  elbo::Report report(options);
  elbo::Threads threads(common.threads);
  const chapter::Run here{report, threads, common.seed, common.quick, layers,
                          steps,  hidden,  latent,      epochs,       samples};

  // [data]
  elbo::Dataset data = elbo::load_digits(common.data, {images, 2000}, threads.count());
  binarise(data.train);
  binarise(data.test);
  // [data]
  constexpr elbo::Index fewest = 100;  // enough for a mini-batch and a mean
  if (std::min(data.train.count, data.test.count) < fewest) {
    throw std::runtime_error("--data " + common.data + ": wanted at least " +
                             std::to_string(fewest) + " training and test images, found " +
                             std::to_string(data.train.count) + " and " +
                             std::to_string(data.test.count) + "; choose a larger set");
  }
  report.data(data);
  if (!data.binary) {
    report.say(
        "The grey pixels of " + data.name +
        " are made black or white at one half: log p(x) is a likelihood, of these pictures.");
  }

  // [sections]
  chapter::change_of_variables(here);
  chapter::planar(here);
  chapter::ring(here);
  chapter::digits(here, data);
  chapter::code_plane(here, data);
  // [sections]
  return report.finish();
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("09_flows", [&] { return run(argc, argv); });
}
