#include <Eigen/Core>

#include "slip.hpp"

double loss_of_a_batch(const Eigen::MatrixXd& pixel_log_prob, const Eigen::MatrixXd& mean,
                       const Eigen::MatrixXd& log_variance) {
  const Eigen::ArrayXXd m = mean, v = log_variance;
  const double log_p = pixel_log_prob.sum();
  const double kl = (0.5 * (m.square() + v.exp() - 1 - v)).sum();
  const double D = double(pixel_log_prob.rows()), d = double(mean.rows()), n = double(mean.cols());
  switch (slip()) {
    case 1:
      return kl / d - log_p / n;  // rowwise().sum().mean(): as it was found
    case 2:
      return kl / (d * n) - log_p / n;  // .mean() of everything
    case 3:
      return kl - log_p / n;  // .sum() of everything
    case 4:
      return (kl - log_p / D) / n;  // the museum's mean reduction
    case 5:
      return kl - log_p;
    default:
      return 0;
  }
}
