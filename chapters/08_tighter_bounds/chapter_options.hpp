// The options of chapter 8: how many samples to train with, which weights of the KL term to try.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "elbo/options.hpp"
#include "elbo/vae.hpp"

namespace chapter {

struct ChapterOptions {
  elbo::Options options{"08_tighter_bounds",
                        "Chapter 8: tighter bounds, rate and distortion, posterior collapse."};
  int latent = 40, hidden = 100, epochs = 25;
  std::vector<double> samples = {1, 5, 50};
  std::vector<double> beta = {0.1, 0.3, 1, 3, 10};
  double free_bits = 0.1, warm_up = 0.5;

  bool parse(int argc, char** argv) {
    options.add("--latent", latent, "d, the length of a code", {1, 1000});
    options.add("--hidden", hidden, "width of the encoder's and the decoder's layer", {1, 10000});
    options.add("--epochs", epochs, "passes over the training images, each model", {1, 100000});
    options.add("--samples", samples, "k to train with, smallest first", {1, 1000});
    options.add("--beta", beta, "weights of the KL term, smallest first", {0, 1000});
    options.add("--free-bits", free_bits, "nats a dimension of the code has free", {0, 100});
    options.add("--warm-up", warm_up, "part of the training in which the KL's weight grows",
                {0, 1});
    if (!options.parse(argc, argv)) return false;
    check_rising("--samples", samples, true);
    check_rising("--beta", beta, false);
    if (options.common.quick) {
      if (!options.given("--epochs")) epochs = 40;
      if (!options.given("--samples")) samples = {1, 5};
      if (!options.given("--beta")) beta = {0.1, 1, 10};
    }
    return true;
  }

  /// Nothing that training depends on was changed.
  bool as_printed() const {
    for (const char* name :
         {"--latent", "--hidden", "--epochs", "--samples", "--beta", "--free-bits", "--warm-up"}) {
      if (options.given(name)) return false;
    }
    return true;
  }

  elbo::VaeOptions model(elbo::Index pixels) const {
    return {.pixels = pixels, .hidden = {hidden}, .latent = latent};
  }

 private:
  static void check_rising(const std::string& name, const std::vector<double>& list, bool whole) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const bool rises = i == 0 || list[i - 1] < list[i];
      if (rises && (!whole || list[i] == std::floor(list[i])) && list.size() > 1) continue;
      throw elbo::UsageError(name + ": wanted two or more " + (whole ? "whole " : "") +
                             "numbers that rise, as in 1,5, found " + std::to_string(list[i]) +
                             " at place " + std::to_string(i + 1) +
                             "; see 08_tighter_bounds --help");
    }
  }
};

}  // namespace chapter
