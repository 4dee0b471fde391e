// A mixture for black and white pictures. Source k shows pixel d with probability on(d, k), each
// pixel independently of the others:
//
//   log p(x_i, k) = log pi_k + sum_d [ x_di log on_dk + (1 - x_di) log(1 - on_dk) ]
//
// A pixel that is black in all pictures of a source would get the probability 0, and a new picture
// that shows it log 0. So there is a prior on every probability, the Beta distribution with both
// numbers 1 + pseudo. Write one turn of EM: the exact E-step of eq:e-step, then the shares and
// probabilities with the largest
//
//   sum_i sum_k r_ki log p(x_i, k) + pseudo * sum_k sum_d [ log on_dk + log(1 - on_dk) ]
//
// in nats. Both are replaced. x is D x n of zeros and ones, one column a picture; shares holds m
// numbers that sum to 1, with no prior on them; on is D x m, one column a source. D may be 3000.
#include <Eigen/Core>
#include <cmath>

void bernoulli_mixture_turn(const Eigen::MatrixXd& x, double pseudo, Eigen::VectorXd& shares,
                            Eigen::MatrixXd& on) {
  // --- Your turn ---
  (void)x, (void)pseudo;
  shares.setConstant(NAN);
  on.setConstant(NAN);
}
