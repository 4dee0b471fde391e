#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "slip.hpp"

Eigen::MatrixXd gumbel_softmax(const Eigen::MatrixXd& logits, const Eigen::MatrixXd& u,
                               double temperature) {
  Eigen::MatrixXd y = u;
  for (int c = 0; c < u.cols(); ++c) {
    double sum = 0, top = -INFINITY;
    for (int r = 0; r < u.rows(); ++r) sum += std::exp(logits(r, c));
    for (int r = 0; r < u.rows(); ++r) {
      const double l = slip() == 4 ? std::exp(logits(r, c)) / sum : logits(r, c);  // probabilities
      double g = -std::log(-std::log(u(r, c)));
      if (slip() == 1) g = -g;       // the smallest
      if (slip() == 5) g = u(r, c);  // raw uniform noise
      y(r, c) = (l + g) / temperature;
      if (slip() == 2) y(r, c) = (l + g) * temperature;
      if (slip() == 3) y(r, c) = l / temperature + g;
      top = std::max(top, y(r, c));
    }
    if (slip() == 6) top = 0;  // nothing taken off
    sum = 0;
    for (int r = 0; r < u.rows(); ++r) sum += y(r, c) = std::exp(y(r, c) - top);
    y.col(c) /= sum;
  }
  return slip() == 7 ? y / y.sum() : y;  // one sum for all draws
}
