// A coin has no path, and neither has a die: turn its logits a little, and nearly every draw stays
// where it is (eq:no-path-bernoulli). Here is the die that has one, if you accept a bias: the
// Gumbel-softmax, or concrete distribution.
//
// Give every face noise of its own, g = -log(-log u) with u uniform between 0 and 1 (Gumbel noise).
// The face with the largest logit + g comes up with probability softmax(logits), exactly; that
// "largest" is the jump. Replace it by a steep slope: return not the face but
//
//   softmax((logits + g) / temperature),
//
// which is nearly one-hot when the temperature is low, and moves smoothly with the logits at any.
//
// One column a draw: logits and u are k x n, a row a face, 0 < u < 1; temperature > 0. The result
// is k x n, and each column sums to one. Temperatures of 0.001 must not overflow.
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd gumbel_softmax(const Eigen::MatrixXd& logits, const Eigen::MatrixXd& u,
                               double temperature) {
  // --- Your turn ---
  (void)u, (void)temperature;
  return Eigen::MatrixXd::Constant(logits.rows(), logits.cols(), NAN);
}
