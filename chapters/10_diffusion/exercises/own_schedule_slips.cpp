#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "slip.hpp"

Eigen::VectorXd own_schedule(int layers, double, double) {
  Eigen::VectorXd beta(layers);
  const auto cosine = [&](double t) {
    return std::pow(std::cos(std::acos(0.0) * (t / layers + 0.008) / 1.008), 2);
  };
  for (int t = 1; t <= layers; ++t) {
    double b = 1 - cosine(t) / cosine(t - 1);
    if (slip() == 1) b = std::min(b, 0.999);                      // 1: the cosine schedule
    if (slip() == 2) b = 1e-4 + (t - 1) * 0.0199 / (layers - 1);  // 2: made for 1000 layers
    if (slip() == 3) b = std::max(cosine(t), 1e-6);               // 3: alpha_bar itself
    beta(t - 1) = b;                                              // 4: its last beta is 1
  }
  return beta;
}
