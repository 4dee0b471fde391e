// A VAE's loss: minus the ELBO, averaged over the pictures of a batch, in nats
//                                                                      eq:elbo-reconstruction-kl
//
// SEEN: with codes of 20 numbers and batches of 20 pictures the program learns to write digits. To
// go faster, somebody sets the batch to 128: the KL falls from 21 nats to 3, the digits blur, and
// training longer does not help. With batches of 2 the KL rises to 60, and random codes give
// scrawl. The gradient agrees with difference quotients of this loss. The test, with 2 pictures and
// codes of 2 numbers, passes.
//
// One line is wrong. Mend it.
//
// One column a picture: x and logits are D x n, with a coin for each pixel; mean and log_variance
// are d x n.
#include <Eigen/Core>

double loss_of_a_batch(const Eigen::MatrixXd& x, const Eigen::MatrixXd& logits,
                       const Eigen::MatrixXd& mean, const Eigen::MatrixXd& log_variance) {
  // log p(x | z) = sum over pixels of x logit - softplus(logit).
  const Eigen::ArrayXXd a = logits;
  const Eigen::ArrayXXd softplus = a.max(0) + (-a.abs()).exp().log1p();
  const double reconstruction = (x.array() * a - softplus).colwise().sum().mean();

  // KL(N(mean, exp(log_variance)) || N(0, I)).
  const Eigen::ArrayXXd m = mean, v = log_variance;
  const double kl = (0.5 * (m.square() + v.exp() - 1 - v)).rowwise().sum().mean();

  return kl - reconstruction;
}
