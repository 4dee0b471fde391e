#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/LU>
#include <cmath>

#include "slip.hpp"

Eigen::MatrixXd two_gaps(const Eigen::MatrixXd& precision, const Eigen::MatrixXd& mean_error,
                         const Eigen::MatrixXd& variance) {
  const Eigen::MatrixXd factor = precision.llt().matrixL();
  const double log_det = slip() == 6 ? std::log(precision.determinant())  // underflows
                                     : 2 * factor.diagonal().array().log().sum();
  const Eigen::ArrayXd diagonal = precision.diagonal();
  double first = 0.5 * (diagonal.log().sum() - log_det);
  if (slip() == 1) first *= 2;
  if (slip() == 2) first = -first;
  if (slip() == 4) {  // the posterior's own variances for the best ones
    const Eigen::ArrayXd own = precision.inverse().diagonal();
    first = 0.5 * ((diagonal * own - 1).sum() - own.log().sum() - log_det);
  }
  Eigen::MatrixXd gaps(2, mean_error.cols());
  for (Eigen::Index c = 0; c < gaps.cols(); ++c) {
    double second = 0.5 * mean_error.col(c).dot(precision * mean_error.col(c));
    for (Eigen::Index j = 0; j < diagonal.size() && slip() != 5; ++j) {  // 5: means only
      const double ratio = diagonal(j) * variance(j, c);
      second += 0.5 * (ratio - std::log(ratio) - 1);
    }
    gaps.col(c) << first, second + (slip() == 3 ? first : 0);  // 3: the whole inference gap
  }
  return gaps;
}
