// A few Newton steps find the top and the shape of the hill. In coordinates in which it is round
// one leapfrog step crosses it, and the coin makes good that no hill is quite a normal.
#include <Eigen/Core>
#include <Eigen/LU>
#include <cmath>
#include <functional>

using Eigen::Matrix2d;
using Eigen::Vector2d;
using Target = std::function<double(const Vector2d& z, Vector2d& slope)>;

Eigen::MatrixXd worth_of_draws(const Target& target, int budget, const Eigen::MatrixXd& eps,
                               const Eigen::RowVectorXd& u) {
  Vector2d z = Vector2d::Zero(), slope, aside;
  Matrix2d curvature;
  int calls = 0;
  for (int newton = 0; newton < 10; ++newton, calls += 3) {
    target(z, slope);
    for (int j = 0; j < 2; ++j) {
      target(z + 1e-4 * Vector2d::Unit(j), aside);
      curvature.col(j) = (slope - aside) / 1e-4;
    }
    z += curvature.inverse() * slope;
  }
  const Matrix2d covariance = curvature.inverse();
  Matrix2d to_z = Matrix2d::Zero();  // lower triangular, its square the covariance
  to_z(0, 0) = std::sqrt(covariance(0, 0));
  to_z(1, 0) = covariance(1, 0) / to_z(0, 0);
  to_z(1, 1) = std::sqrt(covariance(1, 1) - to_z(1, 0) * to_z(1, 0));

  const double step = 1.3;
  double log_density = target(z, slope);
  Eigen::MatrixXd draws(2, budget - calls - 1);
  for (Eigen::Index move = 0; move < draws.cols(); ++move) {
    Vector2d momentum = eps.col(move) + 0.5 * step * to_z.transpose() * slope, end_slope;
    const Vector2d end = z + step * to_z * momentum;
    const double end_log_density = target(end, end_slope);
    momentum += 0.5 * step * to_z.transpose() * end_slope;
    const double before = -log_density + 0.5 * eps.col(move).squaredNorm();
    const double after = -end_log_density + 0.5 * momentum.squaredNorm();
    if (std::log(u(move)) < before - after) {
      z = end, slope = end_slope, log_density = end_log_density;
    }
    draws.col(move) = z;
  }
  return draws;
}
