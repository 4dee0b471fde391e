#include <Eigen/Core>

#include "slip.hpp"

double kl_steady_estimate(const Eigen::VectorXd& log_ratio) {
  static int calls = 0;
  static double total = 0;
  const Eigen::ArrayXd k = -log_ratio.array(), excess = log_ratio.array().exp() - 1;
  const Eigen::ArrayXd centred = k - k.mean();
  switch (slip()) {
    case 1:  // k1
      return k.mean();
    case 2:  // k3
      return (k + excess).mean();
    case 3:  // the best c for all pairs together
      return (k + 0.61 * excess).mean();
    case 4:  // c from the draws it corrects
      return (k - (centred * excess).sum() / (excess.square().sum() + 1e-12) * excess).mean();
    case 5:  // k2
      return k.square().mean() / 2;
    case 6:  // as if log r were normal
      return centred.square().mean() / 2;
    case 7:  // no term negative
      return k.max(0).mean();
    case 8:  // with what was drawn before
      total += (k + 0.61 * excess).mean();
      return total / ++calls;
    default:
      return 0;
  }
}
