// Raise what weighs more than the average and lower what weighs less: q (log w - ELBO). The
// derivative of log q itself averages to 0, since probabilities keep their sum.
#include <Eigen/Core>

Eigen::MatrixXd guess_logits_gradient(const Eigen::MatrixXd& log_joint,
                                      const Eigen::MatrixXd& logits) {
  Eigen::ArrayXXd log_q = logits.rowwise() - logits.colwise().maxCoeff();
  log_q.rowwise() -= log_q.exp().colwise().sum().log().eval();
  const Eigen::ArrayXXd q = log_q.exp(), log_weight = log_joint.array() - log_q;
  return q * (log_weight.rowwise() - (q * log_weight).colwise().sum().eval());
}
