#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "slip.hpp"

using Program =
    std::function<double(const Eigen::VectorXd& x, double mean, double log_variance, int draw)>;

double one_number_against_bugs(const Program& logged) {
  const Eigen::Vector4d x(2.5, 1, 3, 1.5);
  const double log_evidence = -0.5 * (4 * std::log(2 * std::numbers::pi) + std::log(5.0) +
                                      x.squaredNorm() - x.sum() * x.sum() / 5);
  // 1 and 2: an encoder that is not far off; 3: the posterior.
  const double mean = slip() == 3 ? 1.6 : 1.4, log_variance = slip() == 3 ? -std::log(5.0) : -1;
  double sum = 0;
  for (int draw = 0; draw < 20000; ++draw) sum += logged(x, mean, log_variance, draw);
  const double average = sum / 20000, variance = std::exp(log_variance);
  if (slip() == 1) return std::max(0.0, average - log_evidence);  // above log p(x)?
  if (slip() == 3) return average - log_evidence;                 // with its sign
  const double elbo = -2 * std::log(2 * std::numbers::pi) -
                      0.5 * ((x.array() - mean).square().sum() + 4 * variance) -
                      0.5 * (variance + mean * mean - 1 - log_variance);
  return std::abs(average - elbo);
}
