#include <algorithm>
#include <cmath>
#include <numbers>

#include "teacher.hpp"

using Eigen::MatrixXd, Eigen::Vector2d, Eigen::VectorXd;

Vector2d bound_gradient_by_shares(double x, double mean, double log_scale, const VectorXd& eps);

namespace {

double log_normal(double z, double mean, double scale) {
  const double standardized = (z - mean) / scale;
  return -0.5 * standardized * standardized - std::log(scale * std::sqrt(2 * std::numbers::pi));
}

double log_weight(double x, double mean, double log_scale, double eps) {
  const double scale = std::exp(log_scale), z = mean + scale * eps;
  return log_normal(z, 0, 1) + log_normal(x, 2 * z, 1) - log_normal(z, mean, scale);
}

/// L_k as it is defined: three densities for each draw, and no derivative.
double bound(double x, double mean, double log_scale, const VectorXd& eps) {
  double largest = -INFINITY, sum = 0;
  for (const double e : eps) largest = std::max(largest, log_weight(x, mean, log_scale, e));
  for (const double e : eps) sum += std::exp(log_weight(x, mean, log_scale, e) - largest);
  return largest + std::log(sum / static_cast<double>(eps.size()));
}

Vector2d quotient(double x, double mean, double log_scale, const VectorXd& eps) {
  const double h = 1e-5;
  return {(bound(x, mean + h, log_scale, eps) - bound(x, mean - h, log_scale, eps)) / (2 * h),
          (bound(x, mean, log_scale + h, eps) - bound(x, mean, log_scale - h, eps)) / (2 * h)};
}

void check(const std::string& where, double x, double mean, double log_scale, const VectorXd& eps) {
  const Vector2d right = quotient(x, mean, log_scale, eps);
  const auto k = static_cast<double>(eps.size());
  Vector2d elbo = Vector2d::Zero(), unnormalised = elbo;  // other weights for each draw's slope
  for (const double e : eps) {
    const Vector2d slope = quotient(x, mean, log_scale, VectorXd::Constant(1, e));
    elbo += slope / k;
    unnormalised += std::exp(log_weight(x, mean, log_scale, e)) / k * slope;
  }
  // An answer leaves the densities' constants out, and log_scale, which all draws share.
  unnormalised *= std::sqrt(2 * std::numbers::pi) * std::exp(-log_scale);
  const Vector2d no_entropy = right - Vector2d(0, 1);
  const Vector2d by_scale(right(0), right(1) / std::exp(log_scale));
  const Vector2d got = bound_gradient_by_shares(x, mean, log_scale, eps);
  // Difference quotients of a number L keep about 1e-16 |L| / h, and h^2 of their own error.
  const double tolerance = 1e-7 + 1e-10 * std::abs(bound(x, mean, log_scale, eps));
  teacher::expect(
      where, MatrixXd(got), MatrixXd(right), tolerance,
      {{elbo,
        "That is the gradient of the ELBO, all draws alike. How much does L_k "
        "move when one weight out of k grows?"},
       {no_entropy,
        "The second number is short by 1: q, too, thins as it widens. What "
        "does -log q(z) gain with log_scale?"},
       {unnormalised, "Are those the weights themselves? Their shares sum to 1."},
       {by_scale, "The second is the derivative for the scale, not for its logarithm."}});
}

}  // namespace

TEST_CASE("one draw: the gradient of log w") {
  check("x = 1, mean 0, scale 1, no noise", 1, 0, 0, VectorXd::Zero(1));
  check("x = 1, mean 0.3, scale 0.6, noise 0.8", 1, 0.3, std::log(0.6), VectorXd::Constant(1, 0.8));
}

TEST_CASE("several draws") {
  VectorXd two(2), five(5);
  two << -0.5, 1.2;
  five << 0.1, -1.4, 0.7, 2.1, -0.3;
  check("two draws", 1, 0.3, std::log(0.6), two);
  check("five draws", -1.5, -0.2, std::log(1.4), five);
}

TEST_CASE("an image far away") {
  VectorXd two(2);
  two << -0.5, 0.4;
  teacher::expect_that("x = 60, finite", bound_gradient_by_shares(60, 0, 0, two).allFinite(),
                       "exp of a log weight near -1800 is 0, and a share is 0/0. Did you take the "
                       "largest log weight out first?");
  check("x = 60", 60, 0, 0, two);
}
