#include <Eigen/Eigenvalues>

#include "slip.hpp"

Eigen::MatrixXd denoising_flat(const Eigen::MatrixXd& covariance, int width, double scale) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
  const auto pixels = static_cast<int>(covariance.rows());
  const int from = slip() == 1 || slip() == 4 ? 0 : pixels - width;
  const int count = slip() == 1 ? pixels : width;
  const double noise = slip() == 2 ? 0 : slip() == 3 ? scale : scale * scale;
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(pixels, pixels);
  for (int j = from; j < from + count; ++j) {
    const double spread = solver.eigenvalues()(j);
    const Eigen::VectorXd u = solver.eigenvectors().col(j);
    a += (slip() == 5 ? noise : spread) / (spread + noise) * u * u.transpose();
  }
  return a;
}
