// Training an encoder that will be refined                                       eq:refine-gains
//
// The page refines an encoder's answer after training. One can also train the encoder for it: the
// loss is then what is reached after the refinement, and its gradient must pass through the climb.
//
// Here an answer is a vector m of d numbers, and F(m) is the ELBO of one image. `slope(m)` returns
// the gradient of F, `curvature(m)` its d x d matrix of second derivatives. The climb makes `steps`
// steps from the encoder's answer `start`:
//
//   m_0 = start,   m_{k+1} = m_k + step * slope(m_k)
//
// Return the gradient of F(m_steps), the value in the end, with respect to `start`.
#include <Eigen/Core>
#include <cmath>
#include <functional>

using Slope = std::function<Eigen::VectorXd(const Eigen::VectorXd& m)>;
using Curvature = std::function<Eigen::MatrixXd(const Eigen::VectorXd& m)>;

Eigen::VectorXd semi_amortized(const Slope& slope, const Curvature& curvature,
                               const Eigen::VectorXd& start, double step, int steps) {
  // --- Your turn ---
  (void)slope, (void)curvature, (void)step, (void)steps;
  return Eigen::VectorXd::Constant(start.size(), NAN);
}
