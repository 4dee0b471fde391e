#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

Eigen::RowVectorXd bound_of_k_samples(const Eigen::MatrixXd& log_weights) {
  Eigen::RowVectorXd bound(log_weights.cols());
  for (Eigen::Index i = 0; i < log_weights.cols(); ++i) {
    double largest = log_weights.col(i).maxCoeff(), sum = 0;
    if (slip() == 3) largest = 0;                       // no shift
    if (slip() == 4) largest = log_weights.maxCoeff();  // one for all images
    for (const double log_w : log_weights.col(i)) sum += std::exp(log_w - largest);
    const double k = slip() == 2 ? 1 : static_cast<double>(log_weights.rows());  // a sum
    bound(i) = slip() == 1 ? log_weights.col(i).mean() : largest + std::log(sum / k);
  }
  return bound;
}
