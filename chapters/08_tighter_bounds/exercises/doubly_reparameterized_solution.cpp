// At the posterior log w does not depend on z, so every draw's slope is 0 and not only their mean.
#include <Eigen/Core>
#include <cmath>

Eigen::Vector2d doubly_reparameterized(double x, double mean, double log_scale,
                                       const Eigen::VectorXd& eps) {
  const Eigen::ArrayXd e = eps.array(), noise = std::exp(log_scale) * e, z = mean + noise;
  const Eigen::ArrayXd log_w = 0.5 * (e.square() - z.square() - (x - 2 * z).square());
  Eigen::ArrayXd share = (log_w - log_w.maxCoeff()).exp();
  share /= share.sum();
  const Eigen::ArrayXd along_z = -z + 2 * (x - 2 * z) + e * std::exp(-log_scale);
  const Eigen::ArrayXd counts = share.square() * along_z;
  return {counts.sum(), (counts * noise).sum()};
}
