// You write the test of a likelihood, and the check puts your test on trial: it is shown programs
// that are right and programs that are wrong, and is to let the right ones pass and no others.
//
// A program takes x, D x n, pixels that are 0 or 1, and logits, D x n: one column an image. It
// should return, 1 x n, the log-probability of each image in nats, if pixel i of it is white with
// probability 1 / (1 + exp(-logit_i)), independently of the others. Return true if it does.
//
// Right programs differ in the ninth digit, for that is rounding; and they bear logits of 800. One
// of the wrong ones applies the sigmoid twice, and its probabilities of all possible images still
// add up to 1                                                              eq:bug-sigmoid-twice
//
// A program may be asked as often as you like. (A wrong one may return any shape.)
#include <Eigen/Core>
#include <cmath>
#include <functional>

using Likelihood =
    std::function<Eigen::RowVectorXd(const Eigen::MatrixXd& x, const Eigen::MatrixXd& logits)>;

bool likelihood_on_trial(const Likelihood& log_prob) {
  // --- Your turn ---
  (void)log_prob;
  return false;
}
