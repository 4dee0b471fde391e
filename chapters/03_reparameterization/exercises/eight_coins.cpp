// Eight coins are tossed, coin i shows 1 with probability p_i = sigmoid(logit_i) and 0 otherwise. A
// toss costs f(z), where z holds eight numbers 0 or 1. What f is, you are not told; only that most
// of it is paid for coins one by one, and a little for neighbours that differ. Estimate, for all
// eight logits, the slope of the mean cost,
//
//   d/dlogit_i E f(z) = E[f(z) (z_i - p_i)]                            eq:score-function-bernoulli
//
// You may ask for f at most 18 times a call, and only about zeros and ones. Right on average it
// must be. SCORE: the mean squared error of one call, averaged over coins and calls, to be brought
// to 0.01 or below. The formula as it stands, on 18 tosses, scores about 1.1; with the mean of the
// other tosses as its baseline, 0.07.
//
// u is 8 x 18, uniform between 0 and 1, fresh at each call, and all the chance there is: the same u
// gives the same answer. The book tosses with z = [u < p]. The result has 8 numbers.
#include <Eigen/Core>
#include <cmath>
#include <functional>

using Cost = std::function<double(const Eigen::VectorXd& z)>;

Eigen::VectorXd eight_coins(const Eigen::VectorXd& logits, const Eigen::MatrixXd& u,
                            const Cost& f) {
  // --- Your turn ---
  (void)u, (void)f;
  return Eigen::VectorXd::Constant(logits.size(), NAN);
}
