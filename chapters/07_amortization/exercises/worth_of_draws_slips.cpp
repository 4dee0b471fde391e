#include <Eigen/Core>
#include <Eigen/LU>
#include <cmath>
#include <functional>

#include "slip.hpp"

using Eigen::Matrix2d;
using Eigen::Vector2d;
using Target = std::function<double(const Vector2d& z, Vector2d& slope)>;

Eigen::MatrixXd worth_of_draws(const Target& target, int budget, const Eigen::MatrixXd& eps,
                               const Eigen::RowVectorXd& u) {
  const bool plain = slip() == 1 || slip() == 4;  // the library's chain
  Vector2d z = Vector2d::Zero(), slope, aside;
  Matrix2d to_z = Matrix2d::Identity();
  int calls = 1;
  for (int newton = 0; newton < 10 && !plain; ++newton, calls += 3) {
    Matrix2d curvature;
    target(z, slope);
    for (int j = 0; j < 2; ++j) {
      target(z + 1e-4 * Vector2d::Unit(j), aside);
      curvature.col(j) = (slope - aside) / 1e-4;
    }
    z += curvature.inverse() * slope;
    const Matrix2d covariance = curvature.inverse();
    const double first = std::sqrt(covariance(0, 0)), shared = covariance(1, 0) / first;
    to_z << first, 0, shared, std::sqrt(covariance(1, 1) - shared * shared);
  }
  if (slip() == 5) return (to_z * eps).colwise() + z;  // the normal that was fitted
  const double step = plain ? 0.1 : 1.3;
  const int steps = plain ? 10 : 1, cost = slip() == 4 ? 1 : steps;  // 4: moves for calls
  double log_density = target(z, slope);
  Eigen::MatrixXd draws(2, budget);
  Eigen::Index kept = 0;
  for (int move = 0; calls + cost <= budget; ++move, calls += cost) {
    Vector2d momentum = eps.col(move), end = z, end_slope = slope;
    double end_log_density = log_density;
    for (int s = 0; s < steps; ++s) {
      momentum += 0.5 * step * to_z.transpose() * end_slope;
      end += step * to_z * momentum;
      end_log_density = target(end, end_slope);
      momentum += 0.5 * step * to_z.transpose() * end_slope;
    }
    double fall = end_log_density - log_density;
    fall += 0.5 * (eps.col(move).squaredNorm() - momentum.squaredNorm());
    const bool taken = std::log(u(move)) < fall || slip() == 2;  // 2: every move
    if (taken) z = end, slope = end_slope, log_density = end_log_density;
    if (taken || slip() != 3) draws.col(kept++) = z;  // 3: refused ones do not count
  }
  return draws.leftCols(kept);
}
