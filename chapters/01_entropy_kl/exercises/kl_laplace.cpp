// Some errors are not normal: a few are very large. The Laplace distribution has room for them. Its
// log-density is -|x - mean| / scale - log(2 scale), a tent where the normal's is a parabola.
//
// What does the divergence of two Laplace distributions come to, in nats?
//
//   KL(q || p) = E_q[log q(x) - log p(x)]                                                     eq:kl
//
// One integral is new: E_q |x - p_mean|, where q is centred somewhere else. Once you have it, look
// for g(t) = t - 1 - log t; it is there once more.
//
// One column a sample: all four are d x n, the coordinates are independent, and the scales are
// positive. The result is 1 x n, one number a sample, summed over its d rows.
#include <Eigen/Core>
#include <cmath>

Eigen::RowVectorXd kl_laplace(const Eigen::MatrixXd& q_mean, const Eigen::MatrixXd& q_scale,
                              const Eigen::MatrixXd& p_mean, const Eigen::MatrixXd& p_scale) {
  // --- Your turn ---
  (void)q_scale, (void)p_mean, (void)p_scale;
  return Eigen::RowVectorXd::Constant(q_mean.cols(), NAN);
}
