// The slope of the hill that EM climbs: the gradient of a mixture's log-likelihood. The points are
// numbers, and
//
//   sum_i log p(x_i) = sum_i log sum_k pi_k N(x_i; mu_k, v_k)                eq:mixture-log-prob
//
// in nats. The parameters may be any real numbers, so that a gradient step cannot leave the model:
// parameters is 3 x m, one column a source. Row 0 holds logits a_k, pi = softmax(a); row 1
// the means mu_k; row 2 the logarithms of the variances, log v_k. x is 1 x n, one column a point.
// The result is 3 x m like the parameters, each entry the derivative by the parameter in its place.
//
// (Then set your answer to zero and solve for pi, mu and v: with the responsibilities held fixed,
// there is the M-step.)
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd mixture_gradient(const Eigen::MatrixXd& parameters, const Eigen::RowVectorXd& x) {
  // --- Your turn ---
  (void)x;
  return Eigen::MatrixXd::Constant(parameters.rows(), parameters.cols(), NAN);
}
