// colwise().sum() gives one number a column, which is a picture; rowwise() gave one a row, and its
// mean divided by d where n was due.
#include <Eigen/Core>

double loss_of_a_batch(const Eigen::MatrixXd& pixel_log_prob, const Eigen::MatrixXd& mean,
                       const Eigen::MatrixXd& log_variance) {
  const double reconstruction = pixel_log_prob.colwise().sum().mean();

  const Eigen::ArrayXXd m = mean, v = log_variance;
  const double kl = (0.5 * (m.square() + v.exp() - 1 - v)).colwise().sum().mean();

  return kl - reconstruction;
}
