// Under q the mean of exp(weight z) is exp(weight mean + weight^2 scale^2 / 2): by Jensen, more
// than the rate at the mean, and a wide guess pays for it.
#include <Eigen/Core>
#include <cmath>

Eigen::RowVectorXd counting_floor(const Eigen::RowVectorXd& x, double weight,
                                  const Eigen::RowVectorXd& mean, const Eigen::RowVectorXd& scale) {
  const Eigen::ArrayXXd n = x, m = weight * mean, s2 = scale.array().square();
  const Eigen::ArrayXXd log_factorial = n.unaryExpr([](double k) { return std::lgamma(k + 1); });
  const Eigen::ArrayXXd likelihood = n * m - (m + weight * weight / 2 * s2).exp() - log_factorial;
  const Eigen::ArrayXXd price = 0.5 * (mean.array().square() + s2 - 1 - s2.log());
  return likelihood - price;
}
