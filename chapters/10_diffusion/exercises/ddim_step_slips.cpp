#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::MatrixXd ddim_step(const Eigen::MatrixXd& xt, const Eigen::MatrixXd& eps_hat, double kept_t,
                          double kept_s, double eta, const Eigen::MatrixXd& noise) {
  const double beta = 1 - kept_t / kept_s, variance = beta * (1 - kept_s) / (1 - kept_t);
  double sigma = eta * std::sqrt(variance);
  if (slip() == 4) sigma = eta * variance;         // 4: the variance for the scale
  if (slip() == 5) sigma = eta * std::sqrt(beta);  // 5: the variance forwards
  double old = 1 - kept_s - sigma * sigma;
  if (slip() == 1) old = 1 - kept_s;                          // 1: nothing makes room
  if (slip() == 2) old = 1 - kept_t - sigma * sigma;          // 2: the noise of layer t
  const double shrunk = slip() == 3 ? 1 : std::sqrt(kept_t);  // 3: x_0 not stretched back
  const Eigen::MatrixXd x0 = (xt - std::sqrt(1 - kept_t) * eps_hat) / shrunk;
  return std::sqrt(kept_s) * x0 + std::sqrt(std::fmax(old, 0)) * eps_hat + sigma * noise;
}
