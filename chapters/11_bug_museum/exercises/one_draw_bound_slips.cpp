#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::RowVectorXd one_draw_bound(const Eigen::MatrixXd& x, const Eigen::MatrixXd& mean,
                                  const Eigen::MatrixXd& log_variance, const Eigen::MatrixXd& eps,
                                  const Eigen::MatrixXd& weights) {
  Eigen::RowVectorXd bound = Eigen::RowVectorXd::Zero(x.cols());
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    Eigen::VectorXd z = mean.col(i);
    for (Eigen::Index j = 0; j < z.size(); ++j) {
      const double l = log_variance(j, i), charged = slip() == 2 ? 2 * l : l;
      double scale = std::exp(l);                  // 1 and 2: read as a log-scale
      if (slip() == 3) scale = 0.5 * std::exp(l);  // the half in the wrong place
      if (slip() == 4) scale = 0;
      bound(i) -= 0.5 * (std::exp(charged) + z(j) * z(j) - 1 - charged);
      z(j) += scale * eps(j, i);
    }
    const Eigen::VectorXd logits = weights * z;
    for (Eigen::Index p = 0; p < x.rows(); ++p) {
      bound(i) += x(p, i) * logits(p) - std::log1p(std::exp(logits(p)));
    }
  }
  return bound;
}
