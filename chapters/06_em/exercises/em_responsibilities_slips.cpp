#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::MatrixXd em_responsibilities(const Eigen::VectorXd& shares, const Eigen::MatrixXd& means,
                                    const Eigen::VectorXd& scales, const Eigen::MatrixXd& x) {
  const double half = slip() == 1 ? 1 : 0.5;
  const double prior = slip() == 2 ? 0 : 1;
  const auto dimensions = static_cast<double>(x.rows());
  const double wide = slip() == 3 ? 0 : slip() == 4 ? 1 : dimensions;  // times log sigma
  Eigen::MatrixXd r(shares.size(), x.cols());
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    const Eigen::ArrayXd distance = (means.colwise() - x.col(i)).colwise().squaredNorm();
    const Eigen::ArrayXd logit = prior * shares.array().log() - wide * scales.array().log() -
                                 half * distance / scales.array().square();
    r.col(i) = (logit - (slip() == 6 ? 0 : logit.maxCoeff())).exp();
    if (slip() == 5) r.col(i) *= std::exp(logit.maxCoeff());
  }
  if (slip() == 5) return r.array().colwise() / r.rowwise().sum().eval().array();  // over points
  return r.array().rowwise() / r.colwise().sum().eval().array();
}
