// The more layers, the worse                                 eq:reverse-mean, eq:ancestral-sampling
//
// The walk back of a diffusion model: from noise `x`, D x n, one column a sample, through all
// layers to x_0. `beta` holds beta_1 ... beta_T, `noise[t - 1]` the fresh normal numbers of layer
// t, D x n each, and the decoder's variance is beta_t. `guess` returns the noise it sees in x_t,
// when it is told alpha_bar_t, the share of the sample's variance that is left.
//
// It was tried with samples from N(0.5, 0.5^2), for which the best guess of the noise is a formula,
// so that no network can be to blame. The mean of what came out was 0.50. The standard deviation
// was 0.43 with 25 layers of the linear schedule, 0.25 with 200, and 0.17 with 1000. There is one
// mistake in this function. Mend it.
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
    const double alpha = 1 - beta(t);
    const Eigen::MatrixXd eps_hat = guess(x, alpha_bar(t));
    const Eigen::MatrixXd mean = (x - beta(t) / std::sqrt(1 - alpha) * eps_hat) / std::sqrt(alpha);
    x = mean + std::sqrt(beta(t)) * noise[t];
  }
  return x;
}
