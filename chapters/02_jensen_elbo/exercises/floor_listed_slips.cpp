#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::RowVectorXd floor_listed(const Eigen::MatrixXd& log_joint, const Eigen::MatrixXd& q) {
  Eigen::RowVectorXd out = Eigen::RowVectorXd::Zero(q.cols());
  const double entropy = slip() == 2 ? -1 : slip() == 3 ? 0 : 1;  // its sign turned; left out
  for (int c = 0; c < q.cols(); ++c) {
    for (int k = 0; k < q.rows(); ++k) {
      const double p = q(k, c);
      if (p == 0 && slip() != 5) continue;  // 5: 0 log 0
      const double log_weight = log_joint(k, c) - entropy * std::log(p);
      if (slip() == 1) {
        out(c) += p * std::exp(log_weight);  // the logarithm afterwards
      } else {
        out(c) += (slip() == 4 ? 1.0 / static_cast<double>(q.rows()) : p) * log_weight;
      }
    }
    if (slip() == 1) out(c) = std::log(out(c));
  }
  return out;
}
