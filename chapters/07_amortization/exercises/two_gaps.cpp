// An encoder lies below log p(x) for two reasons, and in probabilistic PCA both are formulas.
//                                                                              eq:inference-gap
// The posterior of the code is a normal. Its precision matrix P, the inverse of its covariance, is
// `precision`, d x d, the same for every sample. The encoder answers with independent coordinates:
// means that are off by `mean_error` = m - m*, and variances `variance`, both d x n, one column a
// sample.
//
// Return 2 x n, in nats. Row 0 is the approximation gap: how far the best of all diagonal normals
// lies below log p(x) (eq:ppca-approximation-gap). Row 1 is the amortisation gap: how far the
// encoder lies below that best one. What any diagonal normal reaches stands in eq:ppca-mean-field.
#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd two_gaps(const Eigen::MatrixXd& precision, const Eigen::MatrixXd& mean_error,
                         const Eigen::MatrixXd& variance) {
  // --- Your turn ---
  (void)precision, (void)variance;
  return Eigen::MatrixXd::Constant(2, mean_error.cols(), NAN);
}
