// The weights of draws from a guess, log w = log p(x, z) - log q(z), in nats  eq:importance-weight
//
// There are d curtains. Behind each, z ~ N(0, 1) and x ~ N(weight z, noise^2); the guess for z is
// N(mean, scale^2). x, mean and scale have d rows, one a curtain. eps is d x n standard normal
// noise, one column a draw, and z = mean + scale eps. The result is 1 x n, one log-weight a draw,
// of all d curtains together.
//
// The function below has a bug. With the prior for q (mean 0, scale 1) it is right. With the
// posterior for q all draws weigh the same, just as they should. But what they agree on is not
// log p(x): for one curtain with x = 1.2, weight 1.5 and noise 0.8 it says -0.94 where log p(x) is
// -1.70. Twenty such curtains come out 15 nats too probable, a floor above the ceiling. Mend it.
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

  // log p(z) - log q(z): two normal densities, so their constants cancel
  const Eigen::ArrayXXd log_ratio = 0.5 * (eps.array().square() - z.array().square());

  return (log_likelihood + log_ratio).colwise().sum();
}
