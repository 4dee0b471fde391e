#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <utility>

#include "slip.hpp"

std::pair<Eigen::MatrixXd, double> one_layer_back(const Eigen::VectorXd& beta, int t,
                                                  const Eigen::MatrixXd& xt,
                                                  const Eigen::MatrixXd& x0) {
  const int layer = slip() == 5 ? std::min<int>(t, beta.size() - 1) : t - 1;  // 5: one too far
  const double b = beta(layer);
  double before = (1 - beta.head(layer).array()).prod();
  if (slip() == 7 && layer > 0) before = 1 - beta(layer - 1);  // 7: one layer's alpha
  const double noise = 1 - before * (1 - b);
  double of_x0 = std::sqrt(before) * b / noise;
  double of_xt = std::sqrt(1 - b) * (1 - before) / noise;
  double variance = b * (1 - before) / noise;
  switch (slip()) {
    case 1:
      variance = b;
      break;  // as if x_0 were unknown
    case 2:
      std::swap(of_x0, of_xt);
      break;  // the wrong neighbour
    case 3:
      of_x0 = std::sqrt(before * (1 - b)) * b / noise;
      break;  // alpha_bar_t
    case 4:
      of_x0 = before * b / noise, of_xt *= std::sqrt(1 - b);
      break;  // no roots
    case 6:
      variance = std::sqrt(variance);
      break;  // a scale
  }
  return {of_x0 * x0 + of_xt * xt, variance};
}
