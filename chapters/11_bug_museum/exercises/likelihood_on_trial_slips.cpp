#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <functional>

#include "slip.hpp"

using Likelihood =
    std::function<Eigen::RowVectorXd(const Eigen::MatrixXd& x, const Eigen::MatrixXd& logits)>;

namespace {

/// Against a sum of one's own: on how many pixels and images, how large, how nearly?
bool agrees(const Likelihood& log_prob, Eigen::Index d, Eigen::Index n, double size, double near) {
  Eigen::MatrixXd x(d, n), logits(d, n);
  Eigen::RowVectorXd right = Eigen::RowVectorXd::Zero(n);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    x(i) = i % 3 == 0 ? 1 : 0;
    logits(i) = size * std::sin(1 + 2.0 * static_cast<double>(i));
    const double in_favour = x(i) == 1 ? logits(i) : -logits(i);
    right(i / d) += std::min(0.0, in_favour) - std::log1p(std::exp(-std::abs(in_favour)));
  }
  const Eigen::RowVectorXd said = log_prob(x, logits);
  return said.size() == n && ((said - right).array().abs() <= near).all();
}

/// Over the four images of two pixels the probabilities add up to 1.
bool adds_up(const Likelihood& log_prob) {
  Eigen::MatrixXd x(2, 4), logits(2, 4);
  x << 0, 1, 0, 1, 0, 0, 1, 1;
  logits << 0.7, 0.7, 0.7, 0.7, -1.2, -1.2, -1.2, -1.2;
  const Eigen::RowVectorXd said = log_prob(x, logits);
  return said.size() == 4 && std::abs(said.array().exp().sum() - 1) < 1e-6;
}

}  // namespace

bool likelihood_on_trial(const Likelihood& log_prob) {
  switch (slip()) {
    case 1:
      return true;
    case 2:
      return adds_up(log_prob);
    case 3:
      return agrees(log_prob, 1, 3, 2, 1e-6) && agrees(log_prob, 1, 3, 800, 1e-6);
    case 4:
      return agrees(log_prob, 3, 1, 2, 1e-6) && agrees(log_prob, 3, 1, 800, 1e-6);
    case 5:
      return agrees(log_prob, 3, 4, 2, 0);
    default:
      return agrees(log_prob, 3, 4, 2, 1e-6);  // 6: moderate logits alone
  }
}
