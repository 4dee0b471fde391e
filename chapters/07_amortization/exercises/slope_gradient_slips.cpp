#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::MatrixXd slope_gradient(const Eigen::MatrixXd& uphill, const Eigen::MatrixXd& eps,
                               const Eigen::VectorXd& log_variance, const Eigen::MatrixXd& slopes) {
  const Eigen::Index d = eps.rows(), k = eps.cols();
  const double share = slip() == 3 ? 1 : 1.0 / static_cast<double>(k);  // 3: a sum
  const double half = slip() == 2 ? 1 : 0.5;                            // 2: in log s
  Eigen::MatrixXd gradient = Eigen::MatrixXd::Zero(d, 2 + d);
  for (Eigen::Index r = 0; r < d; ++r) {
    const double scale = std::exp(0.5 * log_variance(r));
    gradient(r, 1) = slip() == 1 ? 0 : half;  // 1: no entropy
    for (Eigen::Index i = 0; i < k; ++i) {
      double moved = eps(r, i);
      for (Eigen::Index c = 0; c < r; ++c) moved += slopes(r, c) * eps(c, i);
      if (slip() == 7) moved = eps(r, i);  // 7: as if A were 0
      gradient(r, 0) += share * uphill(r, i);
      gradient(r, 1) += share * half * uphill(r, i) * scale * moved;
      for (Eigen::Index c = 0; c < (slip() == 6 ? d : r); ++c) {  // 6: A need not be triangular
        const double by = slip() == 4 ? 1 : scale;                // 4: no s
        const bool turned = slip() == 5;                          // 5: transposed
        gradient(turned ? c : r, 2 + (turned ? r : c)) += share * by * uphill(r, i) * eps(c, i);
      }
    }
  }
  return gradient;
}
