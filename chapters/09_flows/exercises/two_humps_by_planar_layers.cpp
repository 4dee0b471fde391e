// Two humps out of one. On the line, with noise eps ~ N(0, 1), at most FOUR planar layers
//
//     z becomes z + push tanh(w z + b),   push w > -1,
//
// are to carry the noise to the target 0.35 N(-2.5, 0.4^2) + 0.65 N(2, 0.7^2); the second numbers
// are scales. Return the layers as a 3 x T matrix, one column a layer, the first layer first: its
// push, its w, its b. |w| is at most 50. How you find the numbers is up to you, as long as it takes
// seconds.
//
// The check pushes a fine grid of noise through your layers and computes, in nats,
//
//     KL(q || p) = E_eps[ log p(eps) - log |det J| - log p(f(eps)) ],               eq:free-energy
//
// the free energy, for the target's Z is 1. Score to beat: 0.1. The best single layer cuts the
// normal in two and is left with 0.14.
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd two_humps_by_planar_layers() {
  // --- Your turn ---
  return Eigen::MatrixXd::Constant(3, 1, NAN);
}
