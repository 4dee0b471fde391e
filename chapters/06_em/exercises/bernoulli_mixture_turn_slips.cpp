#include <Eigen/Core>
#include <cmath>

#include "slip.hpp"

void bernoulli_mixture_turn(const Eigen::MatrixXd& x, double pseudo, Eigen::VectorXd& shares,
                            Eigen::MatrixXd& on) {
  Eigen::MatrixXd r(on.cols(), x.cols());
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    for (Eigen::Index k = 0; k < on.cols(); ++k) {
      r(k, i) = slip() == 1 ? 0 : std::log(shares(k));
      for (Eigen::Index d = 0; d < x.rows(); ++d) {
        if (x(d, i) > 0)
          r(k, i) += std::log(on(d, k));
        else if (slip() != 2)
          r(k, i) += std::log(1 - on(d, k));
      }
    }
    r.col(i) = (r.col(i).array() - (slip() == 7 ? 0 : r.col(i).maxCoeff())).exp();
    r.col(i) /= r.col(i).sum();
  }
  const auto n = static_cast<double>(x.cols()), m = static_cast<double>(on.cols());
  const Eigen::MatrixXd sums = x * r.transpose();
  for (Eigen::Index k = 0; k < on.cols(); ++k) {
    const double count = r.row(k).sum();
    shares(k) = slip() == 6 ? (count + 2 * pseudo) / (n + 2 * m * pseudo) : count / n;
    const double above = slip() == 5 ? pseudo + 1 : pseudo;
    const double below = slip() == 4 ? pseudo : 2 * above;
    on.col(k) = (sums.col(k).array() + above) / ((slip() == 3 ? n : count) + below);
  }
}
