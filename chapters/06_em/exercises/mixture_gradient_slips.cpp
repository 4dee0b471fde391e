#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::MatrixXd mixture_gradient(const Eigen::MatrixXd& parameters, const Eigen::RowVectorXd& x) {
  const double push = slip() == 1 ? 0 : 1, half = slip() == 2 ? 1 : 0.5;
  Eigen::MatrixXd gradient = Eigen::MatrixXd::Zero(parameters.rows(), parameters.cols());
  const Eigen::Index m = parameters.cols();
  Eigen::VectorXd joint(m), share(m);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    for (Eigen::Index k = 0; k < m; ++k) {
      const double variance = std::exp(parameters(2, k)), off = x(i) - parameters(1, k);
      share(k) = std::exp(parameters(0, k));
      joint(k) = parameters(0, k) - 0.5 * (parameters(2, k) + off * off / variance);
    }
    const double top = slip() == 7 ? 0 : joint.maxCoeff();
    for (double& value : joint) value = std::exp(value - top);
    share /= share.sum();
    joint /= joint.sum();
    for (Eigen::Index k = 0; k < m; ++k) {
      const double variance = std::exp(parameters(2, k)), off = x(i) - parameters(1, k);
      const double r = slip() == 5 ? share(k) : joint(k);
      gradient(0, k) += r - push * share(k);
      gradient(1, k) += r * off / (slip() == 3 ? 1 : variance);
      gradient(2, k) += half * r * (off * off / variance - 1) / (slip() == 4 ? variance : 1);
    }
  }
  return slip() == 6 ? gradient / x.size() : gradient;
}
