// How high is the floor, where every z can be listed? The evidence lower bound of a guess q,
// ELBO(q) = E_q[log p(x, z) - log q(z)], in nats                                     eq:elbo-bound
//
// One row for each value that z can take, one column a sample: log_joint holds log p(x, z) and q
// the probabilities of the guess, both K x n. Each column of q sums to 1. A probability may be 0:
// such a z is never drawn, so it adds nothing, even where its log_joint is minus infinity. The
// result is 1 x n, one floor a sample.
#include <Eigen/Core>
#include <cmath>

Eigen::RowVectorXd floor_listed(const Eigen::MatrixXd& log_joint, const Eigen::MatrixXd& q) {
  // --- Your turn ---
  (void)q;
  return Eigen::RowVectorXd::Constant(log_joint.cols(), NAN);
}
