// The first road: which draws were good? From each draw z of N(mean, diag(scale^2)) and what it was
// worth, f(z), comes one estimate of the slope of E f in the mean,
//
//   f(z) times the gradient of log q(z) in the mean,                            eq:score-function
//
// where log q(z) = -(z - mean)^2 / (2 scale^2) - log scale + const, summed over the dimensions. The
// slope of f is not asked for; f may be a black box.
//
// One column a draw: z, mean and scale are d x n, and f is 1 x n, one number a draw. The result is
// d x n, one gradient a column; nothing is averaged yet.
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd score_gradient(const Eigen::RowVectorXd& f, const Eigen::MatrixXd& z,
                               const Eigen::MatrixXd& mean, const Eigen::MatrixXd& scale) {
  // --- Your turn ---
  (void)f, (void)mean, (void)scale;
  return Eigen::MatrixXd::Constant(z.rows(), z.cols(), NAN);
}
