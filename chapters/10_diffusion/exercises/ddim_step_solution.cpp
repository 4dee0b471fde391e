// Only the total of the noise is fixed, 1 - kept_s. What is not drawn afresh is taken from the
// noise that is there.
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd ddim_step(const Eigen::MatrixXd& xt, const Eigen::MatrixXd& eps_hat, double kept_t,
                          double kept_s, double eta, const Eigen::MatrixXd& noise) {
  const double beta = 1 - kept_t / kept_s;
  const double sigma = eta * std::sqrt(beta * (1 - kept_s) / (1 - kept_t));
  const Eigen::MatrixXd x0 = (xt - std::sqrt(1 - kept_t) * eps_hat) / std::sqrt(kept_t);
  return std::sqrt(kept_s) * x0 + std::sqrt(1 - kept_s - sigma * sigma) * eps_hat + sigma * noise;
}
