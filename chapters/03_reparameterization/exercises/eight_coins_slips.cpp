#include <Eigen/Core>
#include <cmath>
#include <functional>

#include "slip.hpp"

using Cost = std::function<double(const Eigen::VectorXd& z)>;

namespace {

/// Tosses and the score function; the baseline of a toss is the mean over the others (1), nothing
/// (2), or the mean over all (3).
Eigen::VectorXd by_score(const Eigen::VectorXd& p, const Eigen::MatrixXd& u, const Cost& f) {
  const int n = static_cast<int>(u.cols());
  Eigen::MatrixXd z = u;
  Eigen::VectorXd cost(n), slope = Eigen::VectorXd::Zero(p.size());
  for (int c = 0; c < n; ++c) {
    for (int i = 0; i < p.size(); ++i) z(i, c) = u(i, c) < p(i);
    cost(c) = f(z.col(c));
  }
  for (int c = 0; c < n; ++c) {
    double usual = (cost.sum() - cost(c)) / (n - 1);
    if (slip() == 2) usual = 0;
    if (slip() == 3) usual = cost.mean();
    slope += (cost(c) - usual) / n * (z.col(c) - p);
  }
  return slope;
}

/// Turn the coins of one toss one by one. 4: the slope in p; 5: an answer between 0 and 1 is asked
/// for; 6: all 256 outcomes are.
Eigen::VectorXd by_turning(const Eigen::VectorXd& p, const Eigen::MatrixXd& u, const Cost& f) {
  Eigen::VectorXd slope = Eigen::VectorXd::Zero(p.size());
  for (int set = 0; set < (slip() == 6 ? 256 : 1); ++set) {
    Eigen::VectorXd z = p;
    double share = 1;
    for (int i = 0; i < p.size(); ++i) {
      if (slip() == 4) z(i) = u(i, 0) < p(i);
      if (slip() == 6) z(i) = set >> i & 1, share *= z(i) == 1 ? p(i) : 1 - p(i);
    }
    for (int i = 0; i < p.size(); ++i) {
      const double was = z(i), factor = slip() == 4 ? 1 : p(i) * (1 - p(i));
      z(i) = 1;
      const double one = f(z);
      z(i) = 0;
      slope(i) += share * factor * (one - f(z));
      z(i) = was;
    }
  }
  return slope;
}

}  // namespace

Eigen::VectorXd eight_coins(const Eigen::VectorXd& logits, const Eigen::MatrixXd& u,
                            const Cost& f) {
  const Eigen::VectorXd p = 1 / (1 + (-logits.array()).exp());
  return slip() <= 3 ? by_score(p, u, f) : by_turning(p, u, f);
}
