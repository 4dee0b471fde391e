#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::MatrixXd guess_logits_gradient(const Eigen::MatrixXd& log_joint,
                                      const Eigen::MatrixXd& logits) {
  Eigen::MatrixXd out(logits.rows(), logits.cols());
  const auto K = logits.rows();
  for (int c = 0; c < out.cols(); ++c) {
    const double top = slip() == 6 ? 0 : logits.col(c).maxCoeff();  // 6: exp(1000)
    double total = 0, floor = 0, evidence = 0, mean = 0;
    for (int k = 0; k < K; ++k) total += std::exp(logits(k, c) - top);
    Eigen::VectorXd log_w(K), q(K);
    for (int k = 0; k < K; ++k) {
      const double log_q = logits(k, c) - top - std::log(total);
      q(k) = std::exp(log_q);
      log_w(k) = log_joint(k, c) - (slip() == 5 ? 0 : log_q);  // 5: no entropy
      floor += q(k) * log_w(k);
      evidence += std::exp(log_joint(k, c));
      mean += log_w(k) / static_cast<double>(K);
    }
    const double baseline = slip() == 1   ? 1                   // by q, not by its logits
                            : slip() == 2 ? std::log(evidence)  // the ceiling
                            : slip() == 3 ? mean                // an unweighted average
                                          : floor;
    for (int k = 0; k < K; ++k) {
      const double factor = slip() == 4 ? 1 : q(k);  // 4: not times q
      out(k, c) = factor * (log_w(k) - baseline);
    }
  }
  return out;
}
