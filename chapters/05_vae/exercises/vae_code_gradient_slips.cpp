#include <Eigen/Core>

#include "slip.hpp"

using Eigen::MatrixXd;

MatrixXd vae_code_gradient(const MatrixXd& x, const MatrixXd& W, const Eigen::VectorXd& b,
                           const MatrixXd& mean, const MatrixXd& log_variance,
                           const MatrixXd& eps) {
  const MatrixXd scale = (0.5 * log_variance.array()).exp();
  const MatrixXd z = mean + scale.cwiseProduct(eps);
  MatrixXd expected = (W * z).colwise() + b;
  if (slip() != 6) expected = 1 / (1 + (-expected.array()).exp());  // 6: of the Gaussian
  MatrixXd g = W.transpose() * (expected - x);
  if (slip() == 4) g = -g;  // the slope of +log p

  const double price = slip() == 1 ? 0 : 1, flat = slip() == 5 ? 0 : 1;
  MatrixXd d_scale = 0.5 * scale;
  if (slip() == 2) d_scale = scale;
  if (slip() == 3) d_scale.setConstant(0.5);
  MatrixXd gradient(2 * mean.rows(), mean.cols());
  gradient << g + price * mean, g.cwiseProduct(d_scale).cwiseProduct(eps).array() +
                                    price * 0.5 * (scale.array().square() - flat);
  return gradient;
}
