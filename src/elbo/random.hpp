// Random numbers without hidden state: the i-th number of a stream is a function of (seed, stream,
// i).
//
// Ask for the same three and you get the same bits, on any thread, in any order, from any compiler.
// The bits are Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
#pragma once

#include <cstdint>
#include <vector>

#include "elbo/types.hpp"

namespace elbo {

/// What a stream is for. Two purposes never share numbers, even under one seed.
enum class Stream : std::uint64_t {
  parameters = 1,  ///< initial weights
  shuffle,         ///< the order of the mini-batches
  noise,           ///< eps while training
  evaluation,      ///< eps while measuring
  prior,           ///< codes drawn from p(z)
  data,            ///< synthetic observations
  digits_train,    ///< the embedded digits
  digits_test,     ///< and those to measure on
  play             ///< what a chapter draws for itself
};

/// One stream of one seed. Cheap to copy; const, because nothing in it ever moves.
class Random {
 public:
  /// `substream` tells apart what serves one purpose: epochs, draws, images.
  Random(std::uint64_t seed, Stream stream, std::uint64_t substream = 0);

  /// Uniform on (0, 1), never 0 or 1: (bits + 1/2) / 2^32.
  double uniform(std::uint64_t index) const;

  /// Standard normal by Box and Muller (1958). 32 bits a side, so |value| < 6.8.
  double normal(std::uint64_t index) const;

  /// A whole number in [0, bound), bound < 2^32, by multiplication (bias below bound / 2^32).
  std::uint32_t below(std::uint32_t bound, std::uint64_t index) const;

  /// rows x cols numbers, column after column: entry (r, c) has index first + c * rows + r.
  template <class T>
  Matrix<T> normal(Index rows, Index cols, std::uint64_t first = 0) const;
  /// The same, uniform on (0, 1).
  template <class T>
  Matrix<T> uniform(Index rows, Index cols, std::uint64_t first = 0) const;

  /// Numbers 0 .. count-1 in random order (Fisher and Yates).
  std::vector<std::uint32_t> permutation(std::uint32_t count) const;

  /// As it was made.
  std::uint64_t seed() const { return seed_; }

 private:
  struct Words {
    std::uint32_t w[4];
  };
  Words block(std::uint64_t number) const;

  std::uint64_t seed_, stream_;
};

}  // namespace elbo
