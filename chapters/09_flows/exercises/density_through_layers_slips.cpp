#include <Eigen/Core>
#include <cmath>
#include <numbers>

#include "slip.hpp"

Eigen::RowVectorXd density_through_layers(const Eigen::MatrixXd& eps, const Eigen::MatrixXd& push,
                                          const Eigen::MatrixXd& w, const Eigen::RowVectorXd& b) {
  Eigen::RowVectorXd log_q(eps.cols());
  for (Eigen::Index i = 0; i < eps.cols(); ++i) {
    const double d = static_cast<double>(eps.rows());
    log_q(i) = -0.5 * eps.col(i).squaredNorm() - 0.5 * d * std::log(2 * std::numbers::pi);
    Eigen::VectorXd z = eps.col(i);
    for (Eigen::Index k = 0; k < b.size(); ++k) {
      const Eigen::VectorXd in = z;
      z += push.col(k) * std::tanh(w.col(k).dot(z) + b(k));
      const Eigen::VectorXd at = slip() == 1 ? z : slip() == 3 ? Eigen::VectorXd(eps.col(i)) : in;
      const double h = std::tanh(w.col(k).dot(at) + b(k));
      const double log_det = std::log(1 + w.col(k).dot(push.col(k)) * (1 - h * h));
      log_q(i) += slip() == 2 ? log_det : -log_det;
    }
  }
  return log_q;
}
