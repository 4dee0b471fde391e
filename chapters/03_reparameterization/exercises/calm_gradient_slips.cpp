#include <Eigen/Core>

#include "slip.hpp"

Eigen::VectorXd calm_gradient(const Eigen::VectorXd& mean, double scale,
                              const Eigen::MatrixXd& eps) {
  const double n = static_cast<double>(eps.cols());
  const Eigen::MatrixXd z = (scale * eps).colwise() + mean;
  const Eigen::RowVectorXd f = z.colwise().squaredNorm();
  Eigen::VectorXd gradient = Eigen::VectorXd::Zero(mean.size());
  for (int i = 0; i < eps.cols(); ++i) {
    double usual = (f.sum() - f(i)) / (n - 1);
    if (slip() == 1 || slip() == 2) usual = f.mean();  // the draw itself is in it; 2: and then x 2
    if (slip() == 3) usual = 0;                        // no baseline
    if (slip() == 4) usual = (f.sum() - f(i)) / n;     // n - 1 others, divided by n
    if (slip() == 5) usual = f(i == 0 ? 1 : 0);        // one of the others
    gradient += (slip() == 2 ? 2 : 1) * (f(i) - usual) / (n * scale) * eps.col(i);
  }
  return gradient;
}
