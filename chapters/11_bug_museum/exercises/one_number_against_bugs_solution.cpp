// With the exact posterior for q every weight p(x, z) / q(z) is p(x): the bound of any number of
// samples is log p(x), and that is known.
#include <Eigen/Core>
#include <cmath>
#include <functional>
#include <numbers>

using Program =
    std::function<double(const Eigen::VectorXd& x, double mean, double log_variance, int draw)>;

double one_number_against_bugs(const Program& logged) {
  const Eigen::Vector4d x(2.5, 1, 3, 1.5);
  const double mean = x.sum() / 5, log_variance = -std::log(5.0);
  const double log_evidence = -0.5 * (4 * std::log(2 * std::numbers::pi) + std::log(5.0) +
                                      x.squaredNorm() - x.sum() * x.sum() / 5);
  const int draws = 20000;
  double sum = 0;
  for (int draw = 0; draw < draws; ++draw) sum += logged(x, mean, log_variance, draw);
  return std::abs(sum / draws - log_evidence);
}
