// A check that catches the false noises of the museum. The divergence of a VAE believes that its
// noise is standard normal, with E[eps] = 0 and E[eps^2] = 1. Uniform noise has 1/2 and 1/3, and
// the more numbers one looks at, the plainer it shows                      eq:bug-uniform-noise
//
// For n numbers that are to be standard normal return two scores:
// - how many of ITS OWN standard deviations the sum of the numbers lies from its expectation;
// - the same for the sum of their squares.
//
// Expectations and standard deviations are those of n independent standard normal numbers, so that
// both scores have mean 0 and variance 1 if the noise is right, for any n. They are signed. noise
// is d x n, and every entry counts.
#include <Eigen/Core>
#include <cmath>

Eigen::Vector2d noise_scores(const Eigen::MatrixXd& noise) {
  // --- Your turn ---
  (void)noise;
  return Eigen::Vector2d::Constant(NAN);
}
