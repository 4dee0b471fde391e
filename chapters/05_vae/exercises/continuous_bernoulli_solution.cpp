// Z = (e^eta - 1) / eta = e^max(eta, 0) (1 - e^-|eta|) / |eta|: nothing left that overflows, and
// expm1 does not cancel.
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

Eigen::RowVectorXd continuous_bernoulli(const Eigen::MatrixXd& x, const Eigen::MatrixXd& eta) {
  const Eigen::MatrixXd log_z = eta.unaryExpr([](double e) {
    const double a = std::abs(e);
    return std::max(e, 0.0) + (a > 0 ? std::log(-std::expm1(-a) / a) : 0);
  });
  return (x.cwiseProduct(eta) - log_z).colwise().sum();
}
