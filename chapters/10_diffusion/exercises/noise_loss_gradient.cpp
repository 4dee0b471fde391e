// The gradient of the loss in guessing noise                                eq:denoiser-gradient
//
// The smallest network there is, one matrix, guesses the noise as the page's does (eq:noise-guess):
//
//   x_t     = sqrt(alpha_bar) x_0 + sqrt(1 - alpha_bar) eps
//   network = W [x_t, lambda, 1],   lambda = log(alpha_bar / (1 - alpha_bar))
//   eps_hat = sqrt(1 - alpha_bar) x_t + sqrt(alpha_bar) network
//
// Every sample has a layer of its own. So `alpha_bar` and the weights u of the loss, `weight`, are
// 1 x n; `x0` and `eps` are D x n, one column a sample, and W is D x (D + 2): its last two columns
// stand for lambda and for the 1. The loss is the sum over the samples of u |eps - eps_hat|^2.
//
// Return its gradient in W, D x (D + 2).
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd noise_loss_gradient(const Eigen::MatrixXd& x0, const Eigen::MatrixXd& eps,
                                    const Eigen::RowVectorXd& alpha_bar,
                                    const Eigen::RowVectorXd& weight, const Eigen::MatrixXd& W) {
  // --- Your turn ---
  (void)x0, (void)eps, (void)alpha_bar, (void)weight;
  return Eigen::MatrixXd::Constant(W.rows(), W.cols(), NAN);
}
