// Each running mean is divided by the share of its own weights that gradients have had so far.
#include <Eigen/Core>
#include <cmath>

Eigen::VectorXd adam_from_zero(const Eigen::MatrixXd& gradients, double learning_rate) {
  const double beta1 = 0.9, beta2 = 0.999, tiny = 1e-8;
  Eigen::ArrayXd m = Eigen::ArrayXd::Zero(gradients.rows()), v = m, at = m;
  for (Eigen::Index t = 1; t <= gradients.cols(); ++t) {
    const Eigen::ArrayXd g = gradients.col(t - 1);
    const double steps = static_cast<double>(t);
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g.square();
    const Eigen::ArrayXd mean = m / (1 - std::pow(beta1, steps));
    const Eigen::ArrayXd square = v / (1 - std::pow(beta2, steps));
    at -= learning_rate * mean / (square.sqrt() + tiny);
  }
  return at;
}
