// Another estimate of the encoder's gradient of the k-sample bound, which the chapter names and
// does not use. It has the same expectation as the chapter's, and its noise vanishes where q is the
// posterior: the signal over the noise need not sink with k                eq:iwae-encoder-signal
//
// Tucker and others (2019) reparameterize twice, which leaves for a parameter of the encoder
//
//     sum_j share_j^2  (d log w_j / d z_j)  (d z_j / d parameter),   share_j = w_j / sum_i w_i .
//
// The first derivative is by the code alone: mean and log_scale inside log q are held while z
// moves. The model is one code with the prior N(0, 1), one grey pixel x ~ N(2z, 1), q = N(mean,
// scale^2), scale = exp(log_scale), z_j = mean + scale eps_j. eps has k entries. Return the
// estimates for mean and for log_scale, in this order.
#include <Eigen/Core>
#include <cmath>

Eigen::Vector2d doubly_reparameterized(double x, double mean, double log_scale,
                                       const Eigen::VectorXd& eps) {
  // --- Your turn ---
  (void)x, (void)mean, (void)log_scale, (void)eps;
  return Eigen::Vector2d::Constant(NAN);
}
