// Two normals share 1 / sqrt(2 pi) but not 1 / scale: a density squeezed to a scale is that much
// higher. So the weight of a draw has the scale as a factor, one a curtain.
#include <Eigen/Core>
#include <cmath>
#include <numbers>

Eigen::RowVectorXd curtain_weights(const Eigen::VectorXd& x, double weight, double noise,
                                   const Eigen::VectorXd& mean, const Eigen::VectorXd& scale,
                                   const Eigen::MatrixXd& eps) {
  const Eigen::MatrixXd z = (scale.asDiagonal() * eps).colwise() + mean;

  // log p(x | z)
  const Eigen::ArrayXXd miss = ((-weight * z).colwise() + x) / noise;
  const double constant = std::log(noise) + 0.5 * std::log(2 * std::numbers::pi);
  const Eigen::ArrayXXd log_likelihood = -0.5 * miss.square() - constant;

  // log p(z) - log q(z), without the 1/2 log 2 pi that both have
  const Eigen::ArrayXXd shapes = 0.5 * (eps.array().square() - z.array().square());
  const Eigen::ArrayXXd log_ratio = shapes.colwise() + scale.array().log();

  return (log_likelihood + log_ratio).colwise().sum();
}
