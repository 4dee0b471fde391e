#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::RowVectorXd planar_log_det(const Eigen::MatrixXd& z, const Eigen::VectorXd& push,
                                  const Eigen::VectorXd& w, double b) {
  Eigen::RowVectorXd log_det(z.cols());
  for (Eigen::Index i = 0; i < z.cols(); ++i) {
    const double h = std::tanh(w.dot(z.col(i)) + b);
    double slope = 1 - h * h;
    if (slip() == 1) slope = h;
    if (slip() == 2) slope = 1 - h;
    const double stretch = (slip() == 3 ? 0 : 1) + slope * w.dot(push);
    log_det(i) = (slip() == 4 ? -1 : 1) * std::log(std::abs(stretch));
  }
  return log_det;
}
