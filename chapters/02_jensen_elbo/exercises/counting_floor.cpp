// Behind another curtain nobody adds noise; they count. z ~ N(0, 1) is thrown, and what you are
// shown is a whole number x, Poisson with the rate exp(weight z):
//   log p(x | z) = x weight z - exp(weight z) - log x!
// Now log p(x) has no closed form, but the floor has. Work out
//   E_q[log p(x | z)] - KL(q || N(0, 1)) = E_q[log p(x, z) - log q(z)]                eq:elbo-bound
// for q = N(mean, scale^2), and write it, in nats.
//
// One column a sample: x (whole numbers), mean and scale are 1 x n, and so is the result. A count
// may be 1000.
#include <Eigen/Core>
#include <cmath>

Eigen::RowVectorXd counting_floor(const Eigen::RowVectorXd& x, double weight,
                                  const Eigen::RowVectorXd& mean, const Eigen::RowVectorXd& scale) {
  // --- Your turn ---
  (void)weight, (void)mean, (void)scale;
  return Eigen::RowVectorXd::Constant(x.size(), NAN);
}
