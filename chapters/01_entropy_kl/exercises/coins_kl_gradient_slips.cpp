#include <Eigen/Core>
#include <cmath>
#include <utility>

#include "slip.hpp"

std::pair<Eigen::MatrixXd, Eigen::MatrixXd> coins_kl_gradient(const Eigen::MatrixXd& q_logits,
                                                              const Eigen::MatrixXd& p_logits) {
  const int s = slip();
  const auto chance = [s](double a) {
    return s == 6 ? std::exp(a) / (1 + std::exp(a)) : 1 / (1 + std::exp(-a));  // 6 overflows
  };
  Eigen::MatrixXd by_q = q_logits, by_p = q_logits;
  for (Eigen::Index i = 0; i < q_logits.size(); ++i) {
    const double a = q_logits(i), b = p_logits(i), q = chance(a), p = chance(b);
    by_q(i) = q * (1 - q) * (a - b);
    by_p(i) = p - q;
    switch (s) {
      case 1:  // the slope of softplus(q) forgotten
        by_q(i) += q;
        break;
      case 2:  // the weights held still
        by_q(i) = 0;
        break;
      case 3:  // by the chance
        by_q(i) = a - b;
        break;
      case 4:  // the sign
        by_p(i) = q - p;
        break;
      case 5:  // the other KL
        by_q(i) = q - p, by_p(i) = p * (1 - p) * (b - a);
        break;
      default:
        break;
    }
  }
  return {by_q, by_p};
}
