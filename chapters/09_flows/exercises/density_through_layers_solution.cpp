// A layer's determinant belongs to the point that goes in: the tanh is taken once, before z moves.
#include <Eigen/Core>
#include <cmath>
#include <numbers>

Eigen::RowVectorXd density_through_layers(const Eigen::MatrixXd& eps, const Eigen::MatrixXd& push,
                                          const Eigen::MatrixXd& w, const Eigen::RowVectorXd& b) {
  const double normaliser = 0.5 * static_cast<double>(eps.rows()) * std::log(2 * std::numbers::pi);
  Eigen::MatrixXd z = eps;
  Eigen::RowVectorXd log_q = -0.5 * eps.colwise().squaredNorm().array() - normaliser;
  for (Eigen::Index k = 0; k < b.size(); ++k) {
    const Eigen::RowVectorXd h = ((w.col(k).transpose() * z).array() + b(k)).tanh();
    z += push.col(k) * h;
    log_q.array() -= (1 + w.col(k).dot(push.col(k)) * (1 - h.array().square())).log();
  }
  return log_q;
}
