#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::MatrixXd noise_loss_gradient(const Eigen::MatrixXd& x0, const Eigen::MatrixXd& eps,
                                    const Eigen::RowVectorXd& alpha_bar,
                                    const Eigen::RowVectorXd& weight, const Eigen::MatrixXd& W) {
  const Eigen::Index d = x0.rows(), n = x0.cols();
  Eigen::MatrixXd gradient = Eigen::MatrixXd::Zero(d, d + 2);
  for (Eigen::Index i = 0; i < n; ++i) {
    const double a = alpha_bar(i), signal = std::sqrt(a), noise = std::sqrt(1 - a);
    Eigen::VectorXd seen(d + 2);
    seen << signal * x0.col(i) + noise * eps.col(i), std::log(a / (1 - a)), 1;
    const Eigen::VectorXd guess = noise * seen.head(d) + signal * W * seen;
    double by = slip() == 1 ? 1 : 2;                // 1: the 2 of the square
    if (slip() == 2) by = -by;                      // 2: the sign
    if (slip() != 3) by *= signal;                  // 3: the network's share
    if (slip() != 4) by *= weight(i);               // 4: the weights
    if (slip() == 5) by /= static_cast<double>(n);  // 5: a mean
    if (slip() == 6) seen.head(d) = x0.col(i);      // 6: it saw x_0
    gradient += by * (guess - eps.col(i)) * seen.transpose();
  }
  return gradient;
}
