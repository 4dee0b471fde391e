// The slope of E |z|^2 in the mean of z ~ N(mean, scale^2 I), by the score function with a
// baseline (eq:score-function-baseline). The baseline of each draw is to be the mean of f over all
// the others.
//
// It compiles, it is calm, and with a thousand draws a step nobody sees anything wrong. Then
// someone trains with TWO draws a step, and learns half as fast as promised: averaged over a
// million such steps, the estimate is not 2 mean but mean. With ten draws a step it is 1.8 mean.
//
// mean has d numbers; eps is d x n, one draw of noise a column, n at least 2. The result has d
// numbers: the average of the n gradients. One place is wrong. Mend it.
#include <Eigen/Core>

Eigen::VectorXd calm_gradient(const Eigen::VectorXd& mean, double scale,
                              const Eigen::MatrixXd& eps) {
  const Eigen::MatrixXd z = (scale * eps).colwise() + mean;
  const Eigen::RowVectorXd f = z.colwise().squaredNorm();

  const Eigen::MatrixXd score = eps / scale;  // the gradient of log q(z) in the mean
  const double usual = f.mean();              // what a draw is worth as a rule
  const Eigen::RowVectorXd better = f.array() - usual;

  return (score * better.asDiagonal()).rowwise().mean();
}
