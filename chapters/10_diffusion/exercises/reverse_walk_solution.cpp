// The noise in x_t has gathered since layer 1: its scale is the root of 1 - alpha_bar_t. Only where
// the chain is shrunk does one layer's own 1 - beta_t stand.
#include <Eigen/Core>
#include <cmath>
#include <functional>
#include <vector>

using Guess = std::function<Eigen::MatrixXd(const Eigen::MatrixXd& xt, double alpha_bar)>;

Eigen::MatrixXd reverse_walk(const Eigen::VectorXd& beta, const Guess& guess, Eigen::MatrixXd x,
                             const std::vector<Eigen::MatrixXd>& noise) {
  Eigen::VectorXd alpha_bar = 1 - beta.array();
  for (Eigen::Index t = 1; t < beta.size(); ++t) alpha_bar(t) *= alpha_bar(t - 1);

  for (Eigen::Index t = beta.size() - 1; t >= 0; --t) {
    const Eigen::MatrixXd eps_hat = guess(x, alpha_bar(t));
    const double share = beta(t) / std::sqrt(1 - alpha_bar(t));
    x = (x - share * eps_hat) / std::sqrt(1 - beta(t)) + std::sqrt(beta(t)) * noise[t];
  }
  return x;
}
