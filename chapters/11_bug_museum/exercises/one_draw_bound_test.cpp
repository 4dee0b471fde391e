#include <cmath>
#include <numbers>

#include "teacher.hpp"

using Eigen::MatrixXd;

Eigen::RowVectorXd one_draw_bound(const MatrixXd& x, const MatrixXd& mean,
                                  const MatrixXd& log_variance, const MatrixXd& eps,
                                  const MatrixXd& weights);

namespace {

double log_normal(double z, double mean, double scale) {
  const double standardized = (z - mean) / scale;
  return -0.5 * standardized * standardized - std::log(scale * std::sqrt(2 * std::numbers::pi));
}

double log_coin(double x, double logit) {
  const double white = 1 / (1 + std::exp(-logit));
  return std::log(x == 1 ? white : 1 - white);
}

/// The average of f(mean + scale eps) over standard normal noise, by the midpoint rule.
double average(double mean, double scale, const auto& f) {
  double sum = 0;
  for (double e = -9 + 0.005; e < 9; e += 0.01) {
    sum += 0.01 * std::exp(log_normal(e, 0, 1)) * f(mean + scale * e);
  }
  return sum;
}

// One pixel, white, and one code: the ELBO is E_q[log p(x | z) + log p(z) - log q(z)].
void on_average(const std::string& where, double mean, double variance) {
  const double scale = std::sqrt(variance), weight = 3;
  const auto pixel = [&](double z) { return log_coin(1, weight * z); };
  const auto divergence = [&](double s) {
    return average(mean, s, [&](double z) { return log_normal(z, mean, s) - log_normal(z, 0, 1); });
  };
  const auto logged = [&](double noise, double charged) {
    return average(mean, noise, pixel) - divergence(charged);
  };
  const auto one = [](double v) { return MatrixXd::Constant(1, 1, v); };
  const double got = average(0, 1, [&](double eps) {
    return one_draw_bound(one(1), one(mean), one(std::log(variance)), one(eps), one(weight))(0);
  });
  // Tolerance: the midpoint rule's error.
  teacher::expect(where, got, logged(scale, scale), 1e-7,
                  {{logged(variance, scale),
                    "The decoder receives codes whose scales are the "
                    "squares of the scales that the divergence charges "
                    "for."},
                   {logged(variance, variance),
                    "Sample and divergence agree now, but on what? The encoder's second answer is "
                    "called log_variance, and here it is still a log-scale."},
                   {logged(variance / 2, scale),
                    "That is half of the variance. Which half makes "
                    "a scale of a variance?"},
                   {logged(0, scale), "The decoder sees z without any noise, and pays for some."}});
}

}  // namespace

TEST_CASE("averaged over the noise it is the ELBO") {
  on_average("mean 0.5, variance 1", 0.5, 1);
  on_average("mean 0.5, variance 1/4", 0.5, 0.25);
  on_average("mean -0.3, variance 2", -0.3, 2);
}

TEST_CASE("three pixels, two codes, two images") {
  MatrixXd x(3, 2), mean(2, 2), variance(2, 2), eps(2, 2), weights(3, 2), right(1, 2);
  x << 1, 0, 0, 0, 1, 1;
  mean << 0.2, -1, 0.7, 0.4;
  variance << 0.25, 1, 0.5, 2;
  eps << 1.2, -0.3, -0.7, 0.9;
  weights << 1, -2, 0.5, 1.5, -1, 0.3;
  right.setZero();
  for (int i = 0; i < 2; ++i) {
    double z[2];
    for (int j = 0; j < 2; ++j) {
      const double s = std::sqrt(variance(j, i)), m = mean(j, i);
      z[j] = m + s * eps(j, i);
      right(i) -=
          average(m, s, [&](double c) { return log_normal(c, m, s) - log_normal(c, 0, 1); });
    }
    for (int p = 0; p < 3; ++p) {
      right(i) += log_coin(x(p, i), weights(p, 0) * z[0] + weights(p, 1) * z[1]);
    }
  }
  teacher::expect("each image's bound",
                  MatrixXd(one_draw_bound(x, mean, variance.array().log(), eps, weights)), right,
                  1e-7, {{right / 3, "Averaged, where sums are due?"}});
}
