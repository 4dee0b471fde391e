// Adam, started at 0: where the parameters stand after one step for each column of gradients.
// gradients is P x T, the first step's gradient first; the result has P entries. Running means of
// the gradients and of their squares, beta1 = 0.9 and beta2 = 0.999, begin at zero too, and are
// divided by what that costs them                                     eq:bug-no-bias-correction
//
// What is seen: with the gradient 1 in every parameter the first step is ten learning rates long
// and not one; for hundreds of steps they stay too long. After some thousands nothing is wrong. The
// bound is honest and every gradient check passes, but a run with a larger learning rate never
// recovers from its beginning. Find what is wrong and mend it.
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
    const Eigen::ArrayXd square = v / (1 - std::pow(beta1, steps));
    at -= learning_rate * mean / (square.sqrt() + tiny);
  }
  return at;
}
