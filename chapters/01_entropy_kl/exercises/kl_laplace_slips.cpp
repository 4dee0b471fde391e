#include <Eigen/Core>
#include <cmath>
#include <utility>

#include "slip.hpp"

namespace {

double one(double q_mean, double q_scale, double p_mean, double p_scale) {
  const int s = slip();
  if (s == 2) std::swap(q_mean, p_mean), std::swap(q_scale, p_scale);  // the other direction
  double step = (p_mean - q_mean) / q_scale;
  if (s != 3) step = std::abs(step);  // 3: with its sign
  const double ratio = q_scale / p_scale;
  const double beyond = s == 1 ? 0 : std::exp(-step);     // 1: q on one side of p only
  const double constants = s == 4 ? 0 : std::log(ratio);  // 4: log(2 scale) forgotten
  return ratio * (s == 6 ? 1 + step * step / 2 : step + beyond + (s == 1)) - 1 - constants;
}

}  // namespace

Eigen::RowVectorXd kl_laplace(const Eigen::MatrixXd& q_mean, const Eigen::MatrixXd& q_scale,
                              const Eigen::MatrixXd& p_mean, const Eigen::MatrixXd& p_scale) {
  Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(q_mean.cols());
  for (Eigen::Index c = 0; c < q_mean.cols(); ++c) {
    for (Eigen::Index r = 0; r < q_mean.rows(); ++r) {
      sum(c) += one(q_mean(r, c), q_scale(r, c), p_mean(r, c), p_scale(r, c));
    }
  }
  return slip() == 5 ? sum / static_cast<double>(q_mean.rows()) : sum;
}
