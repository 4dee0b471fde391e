// The sections of the museum, in the order of the page. Each states its claims to the report.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "elbo/dataset.hpp"
#include "elbo/report.hpp"
#include "elbo/threads.hpp"
#include "program.hpp"

namespace chapter {

/// The same pictures twice: as they are, and black or white, each pixel by a coin whose chance is
/// its grey. Under a Bernoulli only the second have a likelihood.
struct Pictures {
  elbo::Images train, test;
};

/// What every section needs.
struct Run {
  elbo::Report& report;
  const Pictures &grey, &binary;
  elbo::Threads& threads;
  std::uint64_t seed;
  bool quick;
  Model model;
  int epochs, importance_samples;
};

/// What became of one program, nats per test image.
struct Verdict {
  const Exhibit* exhibit = nullptr;
  double logged = 0;     // what its own code says of the test set
  double corrected = 0;  // what the right program would say there with the same parameters
  std::vector<double> elbo, evidence;  // what the library says: the bound, and log p(x)
  double monte_carlo_error = 0;        // of the mean of `elbo`, over draws of eps
  int steps = 0;                       // until it ended, or was ended
  Matrix outputs;                      // the decoder's, for the codes of some test images
  elbo::Matrix<float> samples;         // decoder means of codes from the prior
};

constexpr Index samples_shown = 16;

/// Trains the program and asks both, the program and the library, what came of it.
Verdict visit(const Exhibit& exhibit, const Run& run);

/// An exhibit's card, for the terminal.
void describe(std::ostream& out, const Card& card);

/// The verdicts: a table on the terminal, a table and a sheet in the folder.
void hang(const Run& run, const std::vector<Verdict>& verdicts);

/// What each bug costs and hides, as claims: of those bugs whose verdicts are there.
void claim_damage(const Run& run, const std::vector<Verdict>& verdicts);

}  // namespace chapter
