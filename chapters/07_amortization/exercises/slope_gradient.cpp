// The gradient of the ELBO of one image in the numbers of a normal with a covariance
//                                                                              eq:pathwise-elbo
// The normal is written by how it is drawn: z = m + diag(s) (I + A) eps, with eps ~ N(0, I), the
// logarithms log s^2 in `log_variance` (d numbers), and A in `slopes`, d x d, 0 on and above its
// diagonal. The k draws stand side by side, one column a draw: `eps` is d x k, and `uphill`, d x k,
// holds the gradient of log p(x, z) in z at each of them. The ELBO is estimated by the mean over
// these draws:
//
//   ELBO = mean of log p(x, z) + the sum of log s_j + d/2 (1 + log 2 pi)
//
// Return its gradient as d x (2 + d): column 0 in the mean m, column 1 in log s^2, the last d
// columns in A. Entries of A that are always 0 have the gradient 0.
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd slope_gradient(const Eigen::MatrixXd& uphill, const Eigen::MatrixXd& eps,
                               const Eigen::VectorXd& log_variance, const Eigen::MatrixXd& slopes) {
  // --- Your turn ---
  (void)eps, (void)log_variance, (void)slopes;
  return Eigen::MatrixXd::Constant(uphill.rows(), 2 + uphill.rows(), NAN);
}
