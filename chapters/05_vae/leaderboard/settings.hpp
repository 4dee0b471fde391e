// The leaderboard: what can be set, and what a set-up is called in a checkpoint.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "elbo/checkpointer.hpp"
#include "elbo/dataset.hpp"
#include "elbo/options.hpp"
#include "elbo/trainer.hpp"

namespace leaderboard {

struct Settings {
  elbo::Options options{"leaderboard",
                        "Trains one VAE and states log p(x) of the test images, once."};
  std::vector<double> hidden = {200, 200};
  std::string activation = "tanh", bound = "elbo", schedule = "cosine", binarization = "static";
  int latent = 50, epochs = 100, batch = 100, samples = 1, importance_samples = 5000;
  double learning_rate = 1e-3;
  std::filesystem::path start;  // a model.safetensors
  elbo::CheckpointOptions checkpoint;

  bool parse(int argc, char** argv) {
    options.common.data = "binarized-mnist";
    options.add("--binarization", binarization,
                "pixels as they are stored, drawn anew each epoch, or grey",
                {"static", "dynamic", "grey"});
    options.add("--hidden", hidden, "widths of the encoder; the decoder's in reverse", {1, 10000});
    options.add("--activation", activation, "of the hidden layers", {"relu", "tanh"});
    options.add("--latent", latent, "d, the length of a code", {1, 1000});
    options.add("--epochs", epochs, "passes over the training set", {1, 100000});
    options.add("--batch", batch, "images a step", {1, 100000});
    options.add("--learning-rate", learning_rate, "Adam's alpha", {1e-9, 10});
    options.add("--schedule", schedule, "the learning rate's course", {"constant", "cosine"});
    options.add("--bound", bound, "what is climbed", {"elbo", "iwae"});
    options.add("--samples", samples, "L, or the k of iwae", {1, 1000});
    options.add("--importance-samples", importance_samples, "K, for log p(x)", {2, 1000000});
    options.add("--start", start, "a model of another run to go on from");
    checkpoint.add_to(options);
    if (!options.parse(argc, argv)) return false;
    checkpoint.check(options);
    if (options.common.quick && !options.given("--epochs")) epochs = 2;
    if (options.common.quick && !options.given("--importance-samples")) importance_samples = 50;
    return true;
  }

  bool dynamic() const { return binarization == "dynamic"; }

  elbo::VaeOptions model(elbo::Index pixels) const {
    elbo::VaeOptions model{.pixels = pixels, .hidden = {}, .latent = latent};
    for (const double width : hidden) model.hidden.push_back(static_cast<elbo::Index>(width));
    model.activation = activation == "tanh" ? elbo::Activation::tanh : elbo::Activation::relu;
    return model;
  }

  elbo::TrainingOptions training() const {
    return {.epochs = epochs,
            .batch = batch,
            .samples = samples,
            .seed = options.common.seed,
            .bound = bound == "iwae" ? elbo::Bound::iwae : elbo::Bound::elbo,
            .schedule = schedule == "cosine" ? elbo::Schedule::cosine : elbo::Schedule::constant};
  }

  /// Whatever changes a number.
  elbo::CheckpointKey key(const elbo::Dataset& data) const {
    elbo::CheckpointKey key{.program = options.chapter(), .seed = options.common.seed};
    std::string widths;
    for (const double width : hidden) {
      widths += (widths.empty() ? "" : ",") + std::to_string(static_cast<int>(width));
    }
    key.add("--binarization", binarization);
    key.add("--hidden", widths);
    key.add("--activation", activation);
    key.add("--latent", latent);
    key.add("--epochs", epochs);
    key.add("--batch", batch);
    key.add("--learning-rate", learning_rate);
    key.add("--schedule", schedule);
    key.add("--bound", bound);
    key.add("--samples", samples);
    key.add("--start", start.string());
    key.add("data sha256", data.sha256);
    return key;
  }
};

}  // namespace leaderboard
