// Which way is downhill? The divergence of independent coins, by their logits, in nats:
//
//   KL(q || p) = sum_i softplus(p_i) - softplus(q_i) + sigmoid(q_i) (q_i - p_i)     eq:kl-bernoulli
//
// Here q_i and p_i are logits, sigmoid(a) = 1 / (1 + e^-a) is the chance of heads, and its integral
// is softplus(a) = log(1 + e^a). Return two gradients: by the logits of q, who draws, and by the
// logits of p, who is surprised. Both come out shorter than the formula they come from.
//
// One column a sample: q_logits and p_logits are d x n, and so are both gradients, since each logit
// occurs in one term only. Logits of 800 and -800 must not make them infinite or nan.
#include <Eigen/Core>
#include <cmath>
#include <utility>

std::pair<Eigen::MatrixXd, Eigen::MatrixXd> coins_kl_gradient(const Eigen::MatrixXd& q_logits,
                                                              const Eigen::MatrixXd& p_logits) {
  // --- Your turn ---
  const Eigen::MatrixXd by_q = Eigen::MatrixXd::Constant(q_logits.rows(), q_logits.cols(), NAN);
  const Eigen::MatrixXd by_p = Eigen::MatrixXd::Constant(p_logits.rows(), p_logits.cols(), NAN);
  return {by_q, by_p};
}
