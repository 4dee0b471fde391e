#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::VectorXd adam_from_zero(const Eigen::MatrixXd& gradients, double learning_rate) {
  Eigen::VectorXd at = Eigen::VectorXd::Zero(gradients.rows());
  for (Eigen::Index p = 0; p < gradients.rows(); ++p) {
    double m = 0, v = 0;
    for (Eigen::Index t = 0; t < gradients.cols(); ++t) {
      const double g = gradients(p, t), steps = static_cast<double>(t + 1);
      m = 0.9 * m + 0.1 * g, v = 0.999 * v + 0.001 * g * g;
      double first = 1 - std::pow(0.9, steps), second = 1 - std::pow(0.999, steps);
      if (slip() == 1) second = first;
      if (slip() == 2) first = second = 1;
      if (slip() == 3) second = 1;
      double mean = m / first, root = std::sqrt(v / second);
      if (slip() == 4) m = mean, v /= second;
      if (slip() == 5) root = std::sqrt(v) / second;
      at(p) -= learning_rate * mean / (root + 1e-8);
    }
  }
  return at;
}
