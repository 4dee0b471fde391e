// The bound of a VAE with a linear decoder from one draw of noise for each image, as training logs
// it:
//
//     z = sample(q, eps),   log p(x | z) - KL(q || N(0, I)).
//
// x is D x n, black and white pixels 0 or 1; mean, log_variance and eps are d x n, the encoder's
// answers and the noise; weights is D x d, and the decoder's logits are weights * z. The result is
// 1 x n, in nats. Averaged over the noise it should be the ELBO                eq:museum-correct
//
// What is seen: training runs, and the samples look good. The log is a few nats better than that of
// a colleague with the same model; after long training it climbs above the log p(x) that other code
// computes from the decoder, and no bound may do that. The decoder itself turns out to be as good
// as the colleague's. The noise that comes in is standard normal: that has been checked. Find what
// is wrong and mend it.
#include <Eigen/Core>
#include <cmath>

Eigen::RowVectorXd one_draw_bound(const Eigen::MatrixXd& x, const Eigen::MatrixXd& mean,
                                  const Eigen::MatrixXd& log_variance, const Eigen::MatrixXd& eps,
                                  const Eigen::MatrixXd& weights) {
  const Eigen::ArrayXXd m = mean, l = log_variance;
  const Eigen::ArrayXXd noise = l.exp() * eps.array();
  const Eigen::ArrayXXd logits = weights * (m + noise).matrix();
  const Eigen::ArrayXXd softplus = logits.max(0) + (1 + (-logits.abs()).exp()).log();
  const Eigen::RowVectorXd reconstruction = (x.array() * logits - softplus).colwise().sum();
  const Eigen::RowVectorXd divergence = 0.5 * (l.exp() + m.square() - 1 - l).colwise().sum();
  return reconstruction - divergence;
}
