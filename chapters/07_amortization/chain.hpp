// A walk of Hamiltonian chains, and what can be said from it: averages with honest errors.
#pragma once

#include <cmath>
#include <vector>

#include "elbo/hmc.hpp"
#include "elbo/random.hpp"
#include "elbo/statistics.hpp"

namespace chapter {

/// Where several chains stood after each move.
struct Walk {
  std::vector<elbo::Matrix<double>> z;  // one d x chains matrix a move
  double acceptance = 0;                // share of the moves that were taken
};

/// `moves` moves from `start`, one column a chain, after `warm_up` that are thrown away.
template <class Target>
Walk walk(const Target& target, const elbo::HmcOptions& options, const elbo::Matrix<double>& start,
          elbo::Index moves, const elbo::Random& random, elbo::Index warm_up = 50) {
  elbo::Chains chains = elbo::start_chains(target, start);
  const auto d = start.rows(), count = start.cols();
  const auto numbers = static_cast<std::uint64_t>((d + 1) * count + 1) / 2 * 2;  // a move
  Walk walk;
  for (elbo::Index move = -warm_up; move < moves; ++move) {
    const std::uint64_t first = static_cast<std::uint64_t>(move + warm_up) * numbers;
    const elbo::Matrix<double> eps = random.normal<double>(d, count, first);
    const elbo::RowVector<double> u =
        random.uniform<double>(1, count, (std::uint64_t{1} << 40) + first);
    const double moved = hmc_move(target, options, eps, u, chains).mean();
    if (move < 0) continue;
    walk.z.push_back(chains.z);
    walk.acceptance += moved / static_cast<double>(moves);
  }
  return walk;
}

/// A mean over all chains, its standard error sd / sqrt(effective), and that number of draws.
struct Measured {
  double mean = 0, standard_error = 0, effective = 0;
};

/// The mean of f(z), z a column. Each chain says how many independent draws it is worth.
template <class F>
Measured measure(const Walk& walk, const F& f) {
  Measured result;
  double square = 0;
  const elbo::Index chains = walk.z.front().cols();
  const double total = static_cast<double>(walk.z.size()) * static_cast<double>(chains);
  for (elbo::Index c = 0; c < chains; ++c) {
    std::vector<double> values;
    for (const elbo::Matrix<double>& z : walk.z) values.push_back(f(z.col(c)));
    result.effective += elbo::chain_effective_sample_size(values);
    for (const double value : values) {
      result.mean += value / total;
      square += value * value / total;
    }
  }
  result.standard_error = std::sqrt((square - result.mean * result.mean) / result.effective);
  return result;
}

}  // namespace chapter
