// Who made this point? The E-step of a mixture of round normals,
//
//   r_ki = p(k | x_i) = p(k, x_i) / sum_j p(j, x_i),
//   p(k, x) = pi_k N(x; mu_k, sigma_k^2 I)                                           eq:e-step
//
// shares: the m numbers pi_k. means: D x m, one column a source. scales: the m numbers sigma_k,
// standard deviations. x: D x n, one column a point. The result is m x n, and each of its columns
// sums to 1, that of a point sixty standard deviations out as well.
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd em_responsibilities(const Eigen::VectorXd& shares, const Eigen::MatrixXd& means,
                                    const Eigen::VectorXd& scales, const Eigen::MatrixXd& x) {
  // --- Your turn ---
  (void)means, (void)scales;
  return Eigen::MatrixXd::Constant(shares.size(), x.cols(), NAN);
}
