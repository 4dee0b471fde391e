// A normal for each side of the posterior's mean, and the prior with a small share: it bounds the
// weights in the valley, where the tails of two narrow normals fall faster than the posterior does.
#include <Eigen/Core>
#include <cmath>
#include <functional>

Eigen::MatrixXd proposal_with_few_wasted_draws(const std::function<double(double)>& log_joint) {
  const Eigen::ArrayXd z = Eigen::ArrayXd::LinSpaced(1601, -8, 8);
  Eigen::ArrayXd mass = z.unaryExpr(log_joint).exp();
  mass /= mass.sum();
  const double middle = (mass * z).sum();
  Eigen::MatrixXd q(3, 3);
  for (int side = 0; side < 2; ++side) {
    const Eigen::ArrayXd here = ((z > middle) == (side == 1)).select(mass, 0);
    const double share = here.sum(), mean = (here * z).sum() / share;
    const double scale = std::sqrt((here * (z - mean).square()).sum() / share);
    q.col(side) << mean, scale, 0.95 * share;
  }
  q.col(2) << 0, 1, 0.05;
  return q;
}
