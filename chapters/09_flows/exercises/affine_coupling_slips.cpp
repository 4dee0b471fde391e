#include <Eigen/Core>
#include <cmath>
#include <functional>

#include "slip.hpp"

using Network = std::function<Eigen::MatrixXd(const Eigen::MatrixXd&)>;

Eigen::MatrixXd affine_coupling(const Eigen::MatrixXd& z, const Network& log_scale,
                                const Network& shift, Eigen::RowVectorXd& log_det) {
  const Eigen::Index half = z.rows() / 2;
  const Eigen::MatrixXd s = log_scale(z.topRows(half)), t = shift(z.topRows(half));
  log_det = s.colwise().sum();
  if (slip() == 1) log_det = s.array().exp().matrix().colwise().sum();
  if (slip() == 2) log_det.setConstant(s.sum());
  Eigen::MatrixXd y = z;
  for (Eigen::Index c = 0; c < z.cols(); ++c) {
    for (Eigen::Index r = half; r < z.rows(); ++r) {
      y(r, c) = z(r, c) * std::exp(s(r - half, c)) + t(r - half, c);
    }
  }
  if (slip() == 4) y.topRows(half) = z.bottomRows(half);  // exchanged
  return y;
}

Eigen::MatrixXd affine_coupling_undone(const Eigen::MatrixXd& y, const Network& log_scale,
                                       const Network& shift) {
  const Eigen::Index half = y.rows() / 2;
  const Eigen::MatrixXd s = log_scale(y.topRows(half)), t = shift(y.topRows(half));
  Eigen::MatrixXd z = y;
  for (Eigen::Index c = 0; c < y.cols(); ++c) {
    for (Eigen::Index r = half; r < y.rows(); ++r) {
      const double factor = std::exp(-s(r - half, c)), by = t(r - half, c);
      z(r, c) = slip() == 3 ? y(r, c) * factor - by : (y(r, c) - by) * factor;
    }
  }
  return z;
}
