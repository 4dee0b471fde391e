// A flow is trained through its log-determinants, so their slopes are needed. For the planar layer
// f(z) = z + push tanh(w'z + b), whose log-determinant is
//
//     log( 1 + (1 - tanh^2(w'z + b)) w'push ),                                    eq:planar-flow
//
// return the derivative by the vector w of the SUM of the log-determinants over all samples. z is
// d x n, one column a sample; push and w have d entries, as has the result; push is held.
#include <Eigen/Core>
#include <cmath>

Eigen::VectorXd planar_log_det_slope(const Eigen::MatrixXd& z, const Eigen::VectorXd& push,
                                     const Eigen::VectorXd& w, double b) {
  // --- Your turn ---
  (void)z, (void)push, (void)b;
  return Eigen::VectorXd::Constant(w.size(), NAN);
}
