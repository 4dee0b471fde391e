// A layer that the chapter does not have, of Dinh and others (2017): as cheap to undo as to do.
// Call the first d/2 rows of z (rounded down) the upper ones. They stay, and they decide what
// happens to the lower ones:
//
//     y_upper = z_upper,   y_lower = z_lower * exp(log_scale(z_upper)) + shift(z_upper)
//
// entry by entry. Its Jacobian is a triangle, too                        eq:triangular-determinant
//
// log_scale and shift take the upper rows, one column a sample, and return as many rows as there
// are lower ones; nobody can undo *them*. Write both directions:
// - affine_coupling returns y, d x n, and sets log_det, 1 x n, to log |det dy/dz|;
// - affine_coupling_undone returns z, d x n, from y.
#include <Eigen/Core>
#include <cmath>
#include <functional>

using Network = std::function<Eigen::MatrixXd(const Eigen::MatrixXd&)>;

// --- Your turn ---
Eigen::MatrixXd affine_coupling(const Eigen::MatrixXd& z, const Network& log_scale,
                                const Network& shift, Eigen::RowVectorXd& log_det) {
  (void)log_scale, (void)shift;
  log_det.setConstant(z.cols(), NAN);
  return Eigen::MatrixXd::Constant(z.rows(), z.cols(), NAN);
}

Eigen::MatrixXd affine_coupling_undone(const Eigen::MatrixXd& y, const Network& log_scale,
                                       const Network& shift) {
  (void)log_scale, (void)shift;
  return Eigen::MatrixXd::Constant(y.rows(), y.cols(), NAN);
}
