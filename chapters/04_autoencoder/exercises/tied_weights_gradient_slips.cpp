#include <Eigen/Core>

#include "slip.hpp"

Eigen::MatrixXd tied_weights_gradient(const Eigen::MatrixXd& w, const Eigen::MatrixXd& x,
                                      const Eigen::MatrixXd& t) {
  const double by_decoder = slip() == 2 ? 0 : 1, by_encoder = slip() == 1 ? 0 : 1;
  const double two = slip() == 3 ? 1 : slip() == 5 ? -2 : 2;
  const double n = slip() == 4 ? 1 : static_cast<double>(x.cols());
  const Eigen::MatrixXd z = w * x, residual = two / n * (w.transpose() * z - t);
  return by_decoder * z * residual.transpose() + by_encoder * w * residual * x.transpose();
}
