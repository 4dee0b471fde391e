// One layer back, as long as we may look at the sample                  eq:diffusion-posterior
//
// The encoder of a diffusion model adds noise layer by layer: q(x_t | x_{t-1}) is a normal with
// mean sqrt(1 - beta_t) x_{t-1} and variance beta_t in each dimension. `beta` holds the T numbers
// beta_1 ... beta_T; C++ counts from 0, so that beta(0) is beta_1. `xt` and `x0` are D x n, one
// column a sample, and t is between 1 and T.
//
// Return the mean (D x n) and the variance (one number) of q(x_{t-1} | x_t, x_0). Work in the
// share of the variance that is left, alpha_bar_t (eq:alpha-bar), where alpha_bar_0 = 1.
#include <Eigen/Core>
#include <cmath>
#include <utility>

std::pair<Eigen::MatrixXd, double> one_layer_back(const Eigen::VectorXd& beta, int t,
                                                  const Eigen::MatrixXd& xt,
                                                  const Eigen::MatrixXd& x0) {
  // --- Your turn ---
  (void)beta, (void)t, (void)x0;
  return {Eigen::MatrixXd::Constant(xt.rows(), xt.cols(), NAN), NAN};
}
