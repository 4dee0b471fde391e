// The log density of what comes out of a flow. Noise eps ~ N(0, I) goes through planar layers, z
// becomes z + push tanh(w'z + b) in each, and the density thins where space is stretched:
//
//     log q(z) = log p(eps) - sum over the layers of log |det|               eq:change-of-variables
//
// eps is d x n, one column a sample. push and w are d x T and b is 1 x T, one column a layer, the
// first layer first. The result is 1 x n, in nats: log q at the point where each sample comes out.
//
// What is seen: the fitted density does not add up to 1. The free energy sinks below -log Z, which
// it cannot, and the fit goes on to make it sink. A layer whose w is tiny does no harm. Find what
// is wrong and mend it.
#include <Eigen/Core>
#include <cmath>
#include <numbers>

Eigen::RowVectorXd density_through_layers(const Eigen::MatrixXd& eps, const Eigen::MatrixXd& push,
                                          const Eigen::MatrixXd& w, const Eigen::RowVectorXd& b) {
  const double normaliser = 0.5 * static_cast<double>(eps.rows()) * std::log(2 * std::numbers::pi);
  Eigen::MatrixXd z = eps;
  Eigen::RowVectorXd log_q = -0.5 * eps.colwise().squaredNorm().array() - normaliser;
  for (Eigen::Index k = 0; k < b.size(); ++k) {
    const auto bend = [&] { return ((w.col(k).transpose() * z).array() + b(k)).tanh().eval(); };
    z += push.col(k) * bend().matrix();
    log_q.array() -= (1 + w.col(k).dot(push.col(k)) * (1 - bend().square())).log();
  }
  return log_q;
}
