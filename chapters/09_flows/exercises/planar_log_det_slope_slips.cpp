#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::VectorXd planar_log_det_slope(const Eigen::MatrixXd& z, const Eigen::VectorXd& push,
                                     const Eigen::VectorXd& w, double b) {
  const double along = w.dot(push);
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(w.size());
  for (Eigen::Index i = 0; i < z.cols(); ++i) {
    const double h = std::tanh(w.dot(z.col(i)) + b), steep = 1 - h * h;
    const double det = slip() == 3 ? 1 : 1 + steep * along;
    const double by_push = slip() == 2 ? 0 : steep / det;
    const double by_z = slip() == 1 ? 0 : -2 * h * steep * along / det;
    sum += by_push * push + by_z * z.col(i);
  }
  return slip() == 4 ? sum / static_cast<double>(z.cols()) : sum;
}
