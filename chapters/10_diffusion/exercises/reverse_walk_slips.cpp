#include <Eigen/Core>
#include <cmath>
#include <functional>
#include <vector>

#include "slip.hpp"

using Guess = std::function<Eigen::MatrixXd(const Eigen::MatrixXd& xt, double alpha_bar)>;

Eigen::MatrixXd reverse_walk(const Eigen::VectorXd& beta, const Guess& guess, Eigen::MatrixXd x,
                             const std::vector<Eigen::MatrixXd>& noise) {
  const Eigen::Index last = beta.size() - 1;
  Eigen::VectorXd alpha_bar = 1 - beta.array();
  for (Eigen::Index t = 1; t <= last; ++t) alpha_bar(t) *= alpha_bar(t - 1);
  for (Eigen::Index i = 0; i <= last; ++i) {
    const Eigen::Index t = slip() == 4 ? i : last - i;  // 4: from the first layer to the last
    const double b = beta(t), kept = alpha_bar(t);
    const Eigen::MatrixXd eps_hat = guess(x, slip() == 5 ? 1 - b : kept);  // 5: told alpha
    double share = b / std::sqrt(1 - kept), shrunk = 1 - b, scale = std::sqrt(b);
    switch (slip()) {
      case 1:
        share = b / std::sqrt(b);
        break;  // the stub's: alpha for alpha_bar
      case 2:
        scale = b;
        break;  // the variance for the scale
      case 3:
        shrunk = kept;
        break;  // all the way to x_0 in every layer
      case 6:
        scale = 0;
        break;  // no fresh noise
    }
    x = (x - share * eps_hat) / std::sqrt(shrunk) + scale * noise[t];
  }
  return x;
}
