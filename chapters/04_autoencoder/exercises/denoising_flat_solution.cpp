// Noise is the same in all directions, so the eigenvectors of C stay the axes of the problem: keep
// the d strongest, where there is most to save, and of each the filter's share.
#include <Eigen/Eigenvalues>

Eigen::MatrixXd denoising_flat(const Eigen::MatrixXd& covariance, int width, double scale) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);  // smallest first
  const Eigen::ArrayXd spread = solver.eigenvalues().tail(width);
  const Eigen::MatrixXd u = solver.eigenvectors().rightCols(width);
  const Eigen::VectorXd share = spread / (spread + scale * scale);
  return u * share.asDiagonal() * u.transpose();
}
