// By p: what is believed, less what is. By q two sigmoids cancel; what is left comes from the
// weights of the average alone, and they move by q (1 - q): a coin that is certain learns no more.
#include <Eigen/Core>
#include <utility>

std::pair<Eigen::MatrixXd, Eigen::MatrixXd> coins_kl_gradient(const Eigen::MatrixXd& q_logits,
                                                              const Eigen::MatrixXd& p_logits) {
  const Eigen::ArrayXXd q = 1 / (1 + (-q_logits.array()).exp());
  const Eigen::ArrayXXd p = 1 / (1 + (-p_logits.array()).exp());
  return {q * (1 - q) * (q_logits - p_logits).array(), p - q};
}
