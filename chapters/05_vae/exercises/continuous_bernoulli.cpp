// Grey pixels are no coins: for x between 0 and 1 the Bernoulli line of the book's likelihoods does
// not integrate to 1, and is no density. Give it the constant that it lacks. The density
//
//   p(x | eta) = e^(x eta) / Z(eta),  Z(eta) = integral of e^(t eta) over t from 0 to 1
//
// leans towards white for eta > 0, towards black for eta < 0, and is uniform for eta = 0. Its name
// is continuous Bernoulli. Give log p(x | eta), summed over pixels, in nats. It would be one more
// line of the book's                                                               eq:likelihood
//
// One column a sample: x and eta are D x n, x between 0 and 1. The result is 1 x n. It must be
// right for eta = 0, for eta next to 0 and for eta = 800 or -800.
#include <Eigen/Core>
#include <cmath>

Eigen::RowVectorXd continuous_bernoulli(const Eigen::MatrixXd& x, const Eigen::MatrixXd& eta) {
  // --- Your turn ---
  (void)eta;
  return Eigen::RowVectorXd::Constant(x.cols(), NAN);
}
