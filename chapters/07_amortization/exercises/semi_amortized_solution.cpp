// Backpropagation with the climb as the network: every step is a layer whose Jacobian is
// I + step * curvature, symmetric, and the last layer is the first to be passed.
#include <Eigen/Core>
#include <functional>
#include <vector>

using Slope = std::function<Eigen::VectorXd(const Eigen::VectorXd& m)>;
using Curvature = std::function<Eigen::MatrixXd(const Eigen::VectorXd& m)>;

Eigen::VectorXd semi_amortized(const Slope& slope, const Curvature& curvature,
                               const Eigen::VectorXd& start, double step, int steps) {
  std::vector<Eigen::VectorXd> m{start};
  for (int k = 0; k < steps; ++k) m.push_back(m.back() + step * slope(m.back()));

  Eigen::VectorXd gradient = slope(m.back());
  for (int k = steps - 1; k >= 0; --k) gradient += step * curvature(m[k]) * gradient;
  return gradient;
}
