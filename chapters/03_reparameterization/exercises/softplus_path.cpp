// The second road, with another dial. Many programs do not let the encoder give the log-variance
// but a number r, and make the scale positive by the softplus, scale = log(1 + e^r). The draw is
//
//   z = mean + log(1 + e^r) eps                       in place of eq:pathwise-log-variance
//
// Backpropagation has brought the slope of f to z. Take it on, by the chain rule, to the mean and
// to r.
//
// One column a sample: dz (the slope of f in each coordinate of z), r and eps are d x n. The result
// is 2d x n: the slopes in the mean, and below them the slopes in r. Encoders give large numbers at
// times: r = 800 and r = -800 must do no harm.
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd softplus_path(const Eigen::MatrixXd& dz, const Eigen::MatrixXd& r,
                              const Eigen::MatrixXd& eps) {
  // --- Your turn ---
  (void)r, (void)eps;
  return Eigen::MatrixXd::Constant(2 * dz.rows(), dz.cols(), NAN);
}
