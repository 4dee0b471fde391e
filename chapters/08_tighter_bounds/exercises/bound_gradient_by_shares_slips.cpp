#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::Vector2d bound_gradient_by_shares(double x, double mean, double log_scale,
                                         const Eigen::VectorXd& eps) {
  const double scale = std::exp(log_scale), k = static_cast<double>(eps.size());
  const auto log_weight = [&](double e) {
    const double z = mean + scale * e;
    return 0.5 * (e * e - z * z - (x - 2 * z) * (x - 2 * z));
  };
  double largest = slip() == 5 ? 0 : -INFINITY, total = 0;  // 5: no shift
  for (const double e : eps) largest = slip() == 5 ? 0 : std::max(largest, log_weight(e));
  for (const double e : eps) total += std::exp(log_weight(e) - largest);
  Eigen::Vector2d slope = Eigen::Vector2d::Zero();
  for (const double e : eps) {
    const double z = mean + scale * e, along_z = 2 * (x - 2 * z) - z;
    double share = std::exp(log_weight(e) - largest) / total;
    if (slip() == 1) share = 1 / k;
    if (slip() == 3) share = std::exp(log_weight(e)) / k;
    double by_scale = along_z * scale * e + (slip() == 2 ? 0 : 1);
    if (slip() == 4) by_scale /= scale;
    slope += share * Eigen::Vector2d(along_z, by_scale);
  }
  return slope;
}
