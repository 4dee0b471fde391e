#include <Eigen/Core>
#include <cmath>
#include <functional>

#include "slip.hpp"

using Target = std::function<Eigen::RowVectorXd(const Eigen::MatrixXd& z, Eigen::MatrixXd& slope)>;

Eigen::MatrixXd leapfrog_coin(const Target& target, double step, int steps, Eigen::MatrixXd z,
                              Eigen::MatrixXd momentum, const Eigen::RowVectorXd& u) {
  Eigen::MatrixXd end = z, slope;
  const Eigen::MatrixXd start = momentum;
  const Eigen::RowVectorXd log_density = target(z, slope);
  Eigen::RowVectorXd end_log_density = log_density;
  for (int s = 0; s < steps; ++s) {
    momentum += 0.5 * step * slope;
    end += step * momentum;
    end_log_density = target(end, slope);
    if (slip() != 5 || s + 1 < steps) momentum += 0.5 * step * slope;  // 5: no last half push
  }
  const double mass = slip() == 1 ? 0 : slip() == 4 ? 1 : 0.5;  // 1: the stub's; 4: no 1/2
  for (Eigen::Index c = 0; c < z.cols(); ++c) {
    double fall = end_log_density(c) - log_density(c);
    fall += mass * (start.col(c).squaredNorm() - momentum.col(c).squaredNorm());
    if (slip() == 2) fall = -fall;                      // 2: the wrong way round
    if (slip() == 3) fall = std::log(u(c)) + 1;         // 3: every move is taken
    if (slip() == 6) fall = fall >= 0 ? 1 : -INFINITY;  // 6: only downhill
    if (std::log(u(c)) < fall) z.col(c) = end.col(c);
  }
  return z;
}
