// A step that need not roll dice                                                    eq:respaced
//
// Step from a noisy sample x_t to a less noisy x_s, with as many layers left out between them as
// you like. `kept_t` and `kept_s` are alpha_bar_t < alpha_bar_s, where 1 means the sample itself;
// `eps_hat` is the guess of the noise in x_t, D x n like x_t, one column a sample. The guess makes
// a guess of x_0. From both, build
//
//   x_s = sqrt(kept_s) x_0 + sqrt(what is left) eps_hat + sigma noise
//
// such that, where the guess is right, x_s has the distribution it would have had on the way out,
// N(sqrt(kept_s) x_0, (1 - kept_s) I), whatever sigma is. Take sigma = eta times the standard
// deviation of q(x_s | x_t, x_0) (eq:diffusion-posterior, for one layer that goes from s to t). So
// eta = 1 is the walk of the page with the posterior's variance, and eta = 0 rolls no dice at all
// (known as DDIM).
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd ddim_step(const Eigen::MatrixXd& xt, const Eigen::MatrixXd& eps_hat, double kept_t,
                          double kept_s, double eta, const Eigen::MatrixXd& noise) {
  // --- Your turn ---
  (void)eps_hat, (void)kept_t, (void)kept_s, (void)eta, (void)noise;
  return Eigen::MatrixXd::Constant(xt.rows(), xt.cols(), NAN);
}
