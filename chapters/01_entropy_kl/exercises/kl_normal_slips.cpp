#include <Eigen/Core>

#include "slip.hpp"

Eigen::RowVectorXd kl_normal(const Eigen::MatrixXd& mean, const Eigen::MatrixXd& log_variance) {
  const Eigen::ArrayXXd m = mean, l = log_variance;
  switch (slip()) {
    case 1:  // no 1/2
      return (m.square() + l.exp() - 1 - l).colwise().sum();
    case 2:  // the other KL
      return (0.5 * ((1 + m.square()) * (-l).exp() - 1 + l)).colwise().sum();
    case 3:  // log sigma
      return (0.5 * (m.square() + (2 * l).exp() - 1 - 2 * l)).colwise().sum();
    case 4:  // a mean
      return (0.5 * (m.square() + l.exp() - 1 - l)).colwise().mean();
    default:
      return {};
  }
}
