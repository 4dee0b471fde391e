// Draws that are worth something                  eq:chain-effective-sample-size, eq:metropolis
//
// An image has two codes. `target` returns log p(x, z) up to a constant and writes its gradient in
// z. A call costs one decoding and one way back, and you have `budget` calls. Where the posterior
// lies and how it is tilted, you are not told: it is a narrow ridge, somewhere near 0.
//
// Return draws from the posterior, 2 x n, one column a draw; how many is up to you. For chance you
// are given normal numbers `eps`, 2 x budget, and uniform ones `u`, 1 x budget.
//
// The score: averages over your draws are taken of z_1, z_2, their squares and their product, and
// compared with the exact ones in a hundred runs. The variance of each under the posterior, over
// the mean squared error of its average, is how many independent draws yours were worth. The worst
// of the five on two images counts. With 2000 calls the chain of this chapter's library, ten
// steps of size 0.1 a move, is worth some 75 draws. Goal: 400.
#include <Eigen/Core>
#include <Eigen/LU>
#include <cmath>
#include <functional>

using Target = std::function<double(const Eigen::Vector2d& z, Eigen::Vector2d& slope)>;

Eigen::MatrixXd worth_of_draws(const Target& target, int budget, const Eigen::MatrixXd& eps,
                               const Eigen::RowVectorXd& u) {
  // --- Your turn ---
  (void)target, (void)budget, (void)eps, (void)u;
  return Eigen::MatrixXd::Constant(2, 1, NAN);
}
