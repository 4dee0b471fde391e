// A good guess by walking uphill. Where z can be listed, let a guess q be the softmax of K numbers
// a, its logits: q_k = exp(a_k) / (exp(a_1) + ... + exp(a_K)). Derive the gradient of its floor,
// ELBO(q) = E_q[log p(x, z)] + H(q), by the logits, and write it      eq:elbo-energy-entropy
//
// One row for each value of z, one column a sample: log_joint, which holds log p(x, z), and logits
// are K x n, and so is the result; entry (k, c) is dELBO_c / da_k of sample c, in nats. Logits may
// be as large as 1000, and the result must still be a number.
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd guess_logits_gradient(const Eigen::MatrixXd& log_joint,
                                      const Eigen::MatrixXd& logits) {
  // --- Your turn ---
  (void)log_joint;
  return Eigen::MatrixXd::Constant(logits.rows(), logits.cols(), NAN);
}
