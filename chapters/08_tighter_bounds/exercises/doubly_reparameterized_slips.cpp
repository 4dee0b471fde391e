#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::Vector2d doubly_reparameterized(double x, double mean, double log_scale,
                                       const Eigen::VectorXd& eps) {
  const double scale = std::exp(log_scale);
  const auto weight = [&](double e) {
    const double z = mean + scale * e;
    return std::exp(0.5 * (e * e - z * z - (x - 2 * z) * (x - 2 * z)));
  };
  double total = 0;
  for (const double e : eps) total += weight(e);
  Eigen::Vector2d sum = Eigen::Vector2d::Zero();
  for (const double e : eps) {
    const double z = mean + scale * e, share = weight(e) / total;
    double along_z = -z + 2 * (x - 2 * z) + e / scale;
    if (slip() == 1 || slip() == 2) along_z -= e / scale;  // no log q; 1: all of log q's motion
    const double counts = slip() == 3 ? share : share * share;
    const double moves = slip() == 4 ? e : scale * e;
    sum += counts * Eigen::Vector2d(along_z, along_z * moves + (slip() == 1 ? 1 : 0));
  }
  return sum;
}
