#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::MatrixXd score_gradient(const Eigen::RowVectorXd& f, const Eigen::MatrixXd& z,
                               const Eigen::MatrixXd& mean, const Eigen::MatrixXd& scale) {
  // 1: eps; 2: z - mean; 3: the slope in z; 4: no f; 5: one gradient for all.
  const double power = slip() == 1 ? 1 : slip() == 2 ? 0 : 2, sign = slip() == 3 ? -1 : 1;
  Eigen::MatrixXd gradient = z;
  for (int c = 0; c < z.cols(); ++c) {
    for (int r = 0; r < z.rows(); ++r) {
      const double score = sign * (z(r, c) - mean(r, c)) / std::pow(scale(r, c), power);
      gradient(r, c) = slip() == 4 ? score : f(c) * score;
    }
  }
  return slip() == 5 ? Eigen::MatrixXd(gradient.rowwise().mean()) : gradient;
}
