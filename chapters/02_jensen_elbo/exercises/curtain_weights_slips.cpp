#include <Eigen/Core>
#include <cmath>
#include <numbers>

#include "slip.hpp"

Eigen::RowVectorXd curtain_weights(const Eigen::VectorXd& x, double weight, double noise,
                                   const Eigen::VectorXd& mean, const Eigen::VectorXd& scale,
                                   const Eigen::MatrixXd& eps) {
  Eigen::RowVectorXd out = Eigen::RowVectorXd::Zero(eps.cols());
  const double d = static_cast<double>(x.size());
  // 1: not mended; 2: taken away; 3: the variance's logarithm; 4: d times the sum; 5: one for all
  const double factor[] = {1, 0, -1, 2, d, 1 / d, 1};
  for (int c = 0; c < out.size(); ++c) {
    for (int r = 0; r < x.size(); ++r) {
      const double z = mean(r) + scale(r) * eps(r, c), miss = (x(r) - weight * z) / noise;
      out(c) += -0.5 * miss * miss - std::log(noise) - 0.5 * std::log(2 * std::numbers::pi);
      if (slip() == 6) continue;  // p(x | z) alone
      out(c) += 0.5 * (eps(r, c) * eps(r, c) - z * z) + factor[slip()] * std::log(scale(r));
    }
  }
  return out;
}
