#include <Eigen/Core>
#include <cmath>
#include <functional>

#include "slip.hpp"

Eigen::MatrixXd proposal_with_few_wasted_draws(const std::function<double(double)>& log_joint) {
  // Mass, mean and scale of the part of the posterior between two codes.
  const auto part = [&](double from, double to) {
    double mass = 0, first = 0, second = 0;
    for (double z = from + 0.005; z < to; z += 0.01) {
      const double p = std::exp(log_joint(z));
      mass += p, first += p * z, second += p * z * z;
    }
    const double mean = first / mass;
    return Eigen::Vector3d(mean, std::sqrt(second / mass - mean * mean), mass);
  };
  Eigen::MatrixXd q = part(-8, 8);
  if (slip() == 1) {  // one normal, the posterior's mean and scale
    q(2) = 1;
    return q;
  }
  const double middle = q(0);
  q.resize(3, 2);
  q << part(-8, middle), part(middle, 8);
  q.row(2) /= q.row(2).sum();  // 2: two humps and nothing between
  if (slip() == 3) {           // 3: as many normals as one likes
    q.resize(3, 4);
    q << -1.5, -0.5, 0.5, 1.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25;
  }
  if (slip() == 4) {  // 4: a third normal on top of two that have all the mass
    q.conservativeResize(3, 3);
    q.col(2) << 0, 1, 0.05;
  }
  return q;
}
