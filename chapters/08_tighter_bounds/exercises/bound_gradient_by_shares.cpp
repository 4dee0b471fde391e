// The gradient of the k-sample bound for the two parameters of an encoder, written by hand.
//
// The code z has the prior N(0, 1), and a single grey pixel x is N(2z, 1). For this image the
// encoder says q = N(mean, scale^2), and the draws are z_j = mean + scale eps_j, with scale =
// exp(log_scale). Of one estimate, with the noise held,
//
//     L_k = log( 1/k sum_j w_j ),   w_j = p(z_j) p(x | z_j) / q(z_j)          eq:iwae-one-sample
//
// return the derivatives by mean and by log_scale, in this order. eps has k entries. The image may
// be far from anything the encoder expects (x = 60): the answer is still finite.
#include <Eigen/Core>
#include <cmath>

Eigen::Vector2d bound_gradient_by_shares(double x, double mean, double log_scale,
                                         const Eigen::VectorXd& eps) {
  // --- Your turn ---
  (void)x, (void)mean, (void)log_scale, (void)eps;
  return Eigen::Vector2d::Constant(NAN);
}
