#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "slip.hpp"

void ppca_em_turn(const Eigen::MatrixXd& x, Eigen::MatrixXd& weight, double& noise_variance) {
  const Eigen::Index d = weight.cols();
  const auto n = static_cast<double>(x.cols());
  const Eigen::MatrixXd one = Eigen::MatrixXd::Identity(d, d);
  const Eigen::MatrixXd m = weight.transpose() * weight + noise_variance * one;
  const Eigen::MatrixXd code = m.llt().solve(weight.transpose() * x);
  const Eigen::MatrixXd squares = code * code.transpose(), spread = m.llt().solve(one);
  const double s = noise_variance;
  const double in_weight = slip() == 1 ? 0 : slip() == 2 ? s : slip() == 3 ? n : n * s;
  const double in_noise = slip() == 4 ? 0 : in_weight;
  const Eigen::MatrixXd old = weight, cross = x * code.transpose();
  weight = (squares + in_weight * spread).llt().solve(cross.transpose()).transpose();
  const Eigen::MatrixXd& used = slip() == 5 ? old : weight;
  const Eigen::MatrixXd second = squares + in_noise * spread;
  const double explained =
      2 * used.cwiseProduct(cross).sum() - (used * second).cwiseProduct(used).sum();
  noise_variance = (x.squaredNorm() - explained) / static_cast<double>(x.size());
}
