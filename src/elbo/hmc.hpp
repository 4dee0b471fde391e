// Hamiltonian Monte Carlo (Duane et al. 1987; Neal 2011): draws from a density known up to a
// constant, each a step away from the one before.
//
// The code z is given a momentum p ~ N(0, I) and rolls for a while on the surface -log p(z):
//
//   H(z, p) = -log p(z) + |p|^2 / 2
//
// Without error H would not change. The leapfrog's small error is made good by Metropolis: where H
// rose by h, the move is taken with probability e^-h only, and else the old z counts once more.
#pragma once

#include <cmath>

#include "elbo/shape.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// Several chains side by side: one column each.
struct Chains {
  Matrix<double> z;               ///< where they are, d x chains
  RowVector<double> log_density;  ///< of z, up to a constant, 1 x chains
  Matrix<double> gradient;        ///< dlog_density/dz, d x chains
};

/// Chains that start at z. `target(z, gradient)` gives the log-density of every column.
template <class Target>
Chains start_chains(const Target& target, const Matrix<double>& z) {
  Chains chains{z, {}, {}};
  chains.log_density = target(chains.z, chains.gradient);
  return chains;
}

/// How far one move rolls, and whether it may be refused.
struct HmcOptions {
  double step_size = 0.1;  ///< of one leapfrog step
  int steps = 10;          ///< leapfrog steps a move
  bool metropolis = true;  ///< false: every move is taken, right or wrong
};

/// `steps` times p += e/2 g(z), z += e p, p += e/2 g(z), with g = dlog p/dz, e the step size (Neal
/// 2011, equations 2.28 to 2.30). Keeps volume, and run from (z, -p) leads back.
/// @label eq:leapfrog
template <class Target>
void leapfrog(const Target& target, const HmcOptions& options, Chains& at,
              Matrix<double>& momentum) {
  check_same_shape("leapfrog: momentum", momentum, at.z);
  // [leapfrog]
  const double e = options.step_size;
  for (int step = 0; step < options.steps; ++step) {
    momentum += 0.5 * e * at.gradient;
    at.z += e * momentum;
    at.log_density = target(at.z, at.gradient);
    momentum += 0.5 * e * at.gradient;
  }
  // [leapfrog]
}

/// One move of every chain: momentum from eps ~ N(0, I) of shape d x chains, a path of leapfrog
/// steps, and its end taken where u < exp(H before - H after), u uniform of shape 1 x chains.
/// Returns 1 for the chains that moved and 0 for the rest.
/// @label eq:metropolis
template <class Target>
RowVector<double> hmc_move(const Target& target, const HmcOptions& options,
                           const Matrix<double>& eps, const RowVector<double>& u, Chains& chains) {
  check_shape("hmc_move: u", u, 1, chains.z.cols());
  // [metropolis]
  Chains end = chains;
  Matrix<double> momentum = eps;
  leapfrog(target, options, end, momentum);

  RowVector<double> moved = RowVector<double>::Zero(u.size());
  for (Index c = 0; c < u.size(); ++c) {
    const double before = -chains.log_density(c) + 0.5 * eps.col(c).squaredNorm();
    const double after = -end.log_density(c) + 0.5 * momentum.col(c).squaredNorm();
    // Also false where the path has left the numbers: the chain stays.
    const bool taken = std::log(u(c)) < before - after;
    if (!taken && options.metropolis) continue;
    moved(c) = 1;
    chains.z.col(c) = end.z.col(c);
    chains.log_density(c) = end.log_density(c);
    chains.gradient.col(c) = end.gradient.col(c);
  }
  // [metropolis]
  return moved;
}

}  // namespace elbo
