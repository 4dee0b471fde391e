#include <Eigen/Core>
#include <functional>
#include <vector>

#include "slip.hpp"

using Slope = std::function<Eigen::VectorXd(const Eigen::VectorXd& m)>;
using Curvature = std::function<Eigen::MatrixXd(const Eigen::VectorXd& m)>;

Eigen::VectorXd semi_amortized(const Slope& slope, const Curvature& curvature,
                               const Eigen::VectorXd& start, double step, int steps) {
  std::vector<Eigen::VectorXd> m{start};
  for (int k = 0; k < steps; ++k) m.push_back(m.back() + step * slope(m.back()));

  Eigen::VectorXd gradient = slope(slip() == 2 ? start : m.back());  // 2: as if not refined
  if (slip() == 1 || slip() == 2) return gradient;                   // 1: the climb is a constant
  for (int i = 0; i < steps; ++i) {
    const int k = slip() == 5 ? i : steps - 1 - i;              // 5: the first layer first
    const Eigen::VectorXd& at = slip() == 3 ? m.back() : m[k];  // 3: only where it ended
    const Eigen::VectorXd through = curvature(at) * gradient;
    gradient += (slip() == 4 ? -step : step) * through;  // 4: as if it went down
  }
  return gradient;
}
