// H_0 belongs to the momentum that the move began with. Written after the path, it was the one the
// path ended with, and the kinetic energies cancelled: the coin saw log p(x, z) alone.
#include <Eigen/Core>
#include <cmath>
#include <functional>

using Target = std::function<Eigen::RowVectorXd(const Eigen::MatrixXd& z, Eigen::MatrixXd& slope)>;

Eigen::MatrixXd leapfrog_coin(const Target& target, double step, int steps, Eigen::MatrixXd z,
                              Eigen::MatrixXd momentum, const Eigen::RowVectorXd& u) {
  Eigen::MatrixXd end = z, slope;
  Eigen::RowVectorXd log_density = target(z, slope);
  const Eigen::RowVectorXd before = -log_density + 0.5 * momentum.colwise().squaredNorm();

  for (int s = 0; s < steps; ++s) {
    momentum += 0.5 * step * slope;
    end += step * momentum;
    log_density = target(end, slope);
    momentum += 0.5 * step * slope;
  }

  const Eigen::RowVectorXd after = -log_density + 0.5 * momentum.colwise().squaredNorm();
  for (Eigen::Index c = 0; c < z.cols(); ++c) {
    if (std::log(u(c)) < before(c) - after(c)) z.col(c) = end.col(c);
  }
  return z;
}
