// Backpropagation through a whole VAE, as far as the encoder's outputs. The decoder is one linear
// layer and the pixels are coins:
//
//   z = mean + exp(log_variance / 2) eps,   logits = W z + b,
//   J = -log p(x | z) + KL(N(mean, exp(log_variance)) || N(0, I)), in nats    eq:vae-gradient
//
// with log p(x | z) summed over pixels and the KL over the d numbers of the code. Give the
// derivatives of J by the encoder's outputs: by mean in the upper d rows, by log_variance in the
// lower d.
//
// One column a sample: x is D x n; mean, log_variance and the noise eps are d x n; W is D x d, b
// has D numbers. The result is 2 d x n: each column is the gradient of its own sample's J.
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd vae_code_gradient(const Eigen::MatrixXd& x, const Eigen::MatrixXd& W,
                                  const Eigen::VectorXd& b, const Eigen::MatrixXd& mean,
                                  const Eigen::MatrixXd& log_variance, const Eigen::MatrixXd& eps) {
  // --- Your turn ---
  (void)x, (void)W, (void)b, (void)log_variance, (void)eps;
  return Eigen::MatrixXd::Constant(2 * mean.rows(), mean.cols(), NAN);
}
