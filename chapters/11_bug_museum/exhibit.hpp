// What the museum shows: programs that train a VAE, each with one line of it wrong.
#pragma once

#include <string>
#include <vector>

#include "elbo/likelihood.hpp"
#include "parts.hpp"

namespace chapter {

/// A training step's parts; as they stand here, the right ones.
struct Parts {
  decltype(&normal_noise) noise = normal_noise;
  decltype(&reparameterise) sample = reparameterise;
  decltype(&kl) divergence = kl;
  decltype(&bernoulli) score = bernoulli;
  decltype(&log_of_mean) bound = log_of_mean;  // where draws > 1
  decltype(&bias_correction) correction = bias_correction;
  int draws = 1;  // k
};

/// What hangs beside an exhibit.
struct Card {
  std::string name;   // --bug NAME
  std::string label;  // of its claims, and of the test that sees the wrong part fail
  std::string wrong, right, symptom;
  std::string caught_by;  // a test
};

struct Exhibit {
  Card card;
  std::string like;  // the right program that it differs from by a line; itself, if it is right
  Parts parts;
  bool grey = false;  // trained on grey pixels, not on black and white ones
  /// What the decoder's output is to those who read it right, and on which pixels they do.
  elbo::Likelihood truth = elbo::Likelihood::bernoulli;
  bool truth_is_grey = false;
  double log_variance = 0;  // of the pixels, where the truth is a normal: what it starts from

  bool is_right() const { return card.name == like; }
};

/// All of them, each right program before the wrong ones that are like it.
const std::vector<Exhibit>& exhibits();
/// One by its name. Throws std::out_of_range.
const Exhibit& exhibit(const std::string& name);

}  // namespace chapter
