// The options of chapter 5: everything about the reader's model that can be turned.
#pragma once

#include <string>
#include <vector>

#include "elbo/checkpointer.hpp"
#include "elbo/dataset.hpp"
#include "elbo/options.hpp"
#include "elbo/vae.hpp"

namespace chapter {

struct ChapterOptions {
  elbo::Options options{"05_vae", "Chapter 5: the variational autoencoder on digits."};
  std::vector<double> hidden = {400};
  std::string likelihood = "bernoulli";
  int latent = 20, epochs = 10, batch = 128, samples = 1, importance_samples = 500;
  double learning_rate = 1e-3, beta = 1;
  elbo::CheckpointOptions checkpoint;

  bool parse(int argc, char** argv) {
    options.add("--latent", latent, "d, the length of a code", {1, 1000});
    options.add("--hidden", hidden, "widths of the encoder; the decoder's in reverse", {1, 10000});
    options.add("--likelihood", likelihood, "what a decoder's output means",
                {"bernoulli", "gaussian", "gaussian-learned"});
    options.add("--epochs", epochs, "passes over the training set", {1, 100000});
    options.add("--batch", batch, "images a step", {1, 100000});
    options.add("--learning-rate", learning_rate, "Adam's alpha", {1e-9, 10});
    options.add("--beta", beta, "weight of the KL term; 1 is the ELBO", {0, 1000});
    options.add("--samples", samples, "L, draws of eps an image and step", {1, 1000});
    options.add("--importance-samples", importance_samples, "K, for log p(x)", {2, 1000000});
    checkpoint.add_to(options);
    if (!options.parse(argc, argv)) return false;
    checkpoint.check(options);
    for (const double width : hidden) {
      if (width == static_cast<double>(static_cast<int>(width))) continue;
      throw elbo::UsageError("--hidden: wanted whole numbers, as in 200,200, found " +
                             std::to_string(width) + "; see 05_vae --help");
    }
    if (options.common.quick && !options.given("--epochs")) epochs = 3;
    if (options.common.quick && !options.given("--importance-samples")) importance_samples = 100;
    return true;
  }

  elbo::VaeOptions model(elbo::Index pixels) const {
    elbo::VaeOptions model{.pixels = pixels, .hidden = {}, .latent = latent};
    for (const double width : hidden) model.hidden.push_back(static_cast<elbo::Index>(width));
    for (const auto each : {elbo::Likelihood::gaussian, elbo::Likelihood::gaussian_learned}) {
      if (likelihood == elbo::to_string(each)) model.likelihood = each;
    }
    return model;
  }

  /// Whatever changes a number of the reader's model.
  elbo::CheckpointKey key(const elbo::Dataset& data) const {
    elbo::CheckpointKey key{.program = options.chapter(), .seed = options.common.seed};
    std::string widths;
    for (const double width : hidden) {
      widths += (widths.empty() ? "" : ",") + std::to_string(static_cast<int>(width));
    }
    key.add("--latent", latent);
    key.add("--hidden", widths);
    key.add("--likelihood", likelihood);
    key.add("--epochs", epochs);
    key.add("--batch", batch);
    key.add("--learning-rate", learning_rate);
    key.add("--beta", beta);
    key.add("--samples", samples);
    key.add("data sha256", data.sha256);
    return key;
  }
};

}  // namespace chapter
