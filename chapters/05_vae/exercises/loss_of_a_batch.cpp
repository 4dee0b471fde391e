// A VAE's loss: minus the ELBO, averaged over the pictures of a batch, in nats
//                                                                      eq:elbo-reconstruction-kl
//
// SEEN: with codes of 20 numbers and batches of 20 pictures the program learns to write digits. To
// go faster, somebody sets the batch to 128: the KL falls to a few nats, the digits blur, and
// training longer does not help. With batches of 2 the KL rises to dozens, and random codes give
// scrawl. The gradient agrees with difference quotients of this loss. The test, with 2 pictures and
// codes of 2 numbers, passes.
//
// One line is wrong. Mend it.
//
// One column a picture: pixel_log_prob is D x n and holds log p(x_i | z) of every pixel; mean and
// log_variance are d x n.
#include <Eigen/Core>

double loss_of_a_batch(const Eigen::MatrixXd& pixel_log_prob, const Eigen::MatrixXd& mean,
                       const Eigen::MatrixXd& log_variance) {
  // log p(x | z): the pixels are independent, given z.
  const double reconstruction = pixel_log_prob.colwise().sum().mean();

  // KL(N(mean, exp(log_variance)) || N(0, I)).
  const Eigen::ArrayXXd m = mean, v = log_variance;
  const double kl = (0.5 * (m.square() + v.exp() - 1 - v)).rowwise().sum().mean();

  return kl - reconstruction;
}
