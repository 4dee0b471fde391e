// What ./book bench measures, a file for each section. A section has a process to itself, so that
// no other's memory or warm caches stand in its numbers; cmake/bench.py runs them and makes the
// table.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "elbo/dataset.hpp"
#include "elbo/threads.hpp"
#include "elbo/vae.hpp"
#include "results.hpp"

namespace bench {

/// What every section needs.
struct Run {
  Results& results;
  elbo::Threads& threads;
  std::string data;    // its name
  elbo::Index images;  // of a training epoch
  std::uint64_t seed;
  bool quick;

  elbo::Dataset load(const std::string& name) const {
    return elbo::load_digits(name, {images, std::min<elbo::Index>(images, 10000)}, threads.count());
  }
};

/// The model of the epoch, the memory, the scaling and the evidence: 784-400-20-400-784.
inline elbo::VaeOptions model(elbo::Index pixels) {
  return {.pixels = pixels, .hidden = {400}, .latent = 20};
}

/// The machine's own limit in GFLOP/s: multiply-adds in registers, nothing else.
class FmaPeak {
 public:
  /// Short bursts on one core, and on all at once.
  void measure(elbo::Threads& threads, int bursts);
  void report(Results& results) const;
  double all_cores() const;  // best burst

 private:
  std::vector<double> one_core_, all_cores_;
};

/// Processor, compiler, libraries.
void machine(const Run& run);
/// The library's matrix product at the book's shapes, on one core.
void products(const Run& run);
/// Seconds of an epoch, and what part of the machine's peak that is, measured around it.
void epoch(const Run& run);
/// The most memory that loading the data and training an epoch ever held.
void memory(const Run& run);
/// An epoch against threads, batch, images; training against epochs.
void scaling(const Run& run);
/// log p(x) by importance sampling: pairs of image and sample a second.
void evidence(const Run& run);
/// Training time to a published test log p(x).
void quality(const Run& run);

}  // namespace bench
