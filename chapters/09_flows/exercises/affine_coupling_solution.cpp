// The upper rows are the same on both sides, so that either side can ask the networks the same
// question.
#include <Eigen/Core>
#include <functional>

using Network = std::function<Eigen::MatrixXd(const Eigen::MatrixXd&)>;

Eigen::MatrixXd affine_coupling(const Eigen::MatrixXd& z, const Network& log_scale,
                                const Network& shift, Eigen::RowVectorXd& log_det) {
  const Eigen::Index half = z.rows() / 2;
  const Eigen::ArrayXXd s = log_scale(z.topRows(half)), t = shift(z.topRows(half));
  log_det = s.colwise().sum();
  Eigen::MatrixXd y = z;
  y.bottomRows(z.rows() - half).array() = z.bottomRows(z.rows() - half).array() * s.exp() + t;
  return y;
}

Eigen::MatrixXd affine_coupling_undone(const Eigen::MatrixXd& y, const Network& log_scale,
                                       const Network& shift) {
  const Eigen::Index half = y.rows() / 2;
  const Eigen::ArrayXXd s = log_scale(y.topRows(half)), t = shift(y.topRows(half));
  Eigen::MatrixXd z = y;
  z.bottomRows(y.rows() - half).array() = (y.bottomRows(y.rows() - half).array() - t) * (-s).exp();
  return z;
}
