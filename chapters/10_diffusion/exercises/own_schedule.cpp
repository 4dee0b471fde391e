// Twenty layers, well spent                          eq:diffusion-layers, eq:exact-reverse-variance
//
// The samples are single numbers from N(mean, scale^2), the guess of the noise is the best there
// is, and the decoder's variance in every layer is beta_t. What the bound loses, in nats a sample,
// E[log q(x_0) - ELBO(x_0)], then hangs on the schedule alone. Choose it: return beta_1 ... beta_T
// for T = `layers`, each between 0 and 0.999, for these samples.
//
// The score is the nats lost with 20 layers, added up over three kinds of samples: N(0.5, 0.5^2),
// N(0.5, 0.1^2) and N(-1, 2^2). The linear schedule loses 0.82, the cosine schedule 0.48.
// Goal: at most 0.35.
#include <Eigen/Core>
#include <cmath>

Eigen::VectorXd own_schedule(int layers, double mean, double scale) {
  // --- Your turn ---
  (void)mean, (void)scale;
  return Eigen::VectorXd::Constant(layers, NAN);
}
