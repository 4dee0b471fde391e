#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::RowVectorXd counting_floor(const Eigen::RowVectorXd& x, double weight,
                                  const Eigen::RowVectorXd& mean, const Eigen::RowVectorXd& scale) {
  Eigen::RowVectorXd out(x.size());
  // 1: the rate at the mean; 2: no 1/2; 3: weight for weight^2
  const double spread = slip() == 1   ? 0
                        : slip() == 2 ? weight * weight
                        : slip() == 3 ? weight / 2
                                      : weight * weight / 2;
  for (int c = 0; c < out.size(); ++c) {
    const double m = mean(c), s2 = scale(c) * scale(c);
    const double factorial = slip() == 6 ? std::log(std::tgamma(x(c) + 1)) : std::lgamma(x(c) + 1);
    const double price = 0.5 * (m * m + s2 - 1 - std::log(s2));
    out(c) = x(c) * weight * m - std::exp(weight * m + spread * s2) -
             (slip() == 4 ? 0 : factorial) +  // 4: without x!
             (slip() == 5 ? price : -price);  // 5: paid for being far
  }
  return out;
}
