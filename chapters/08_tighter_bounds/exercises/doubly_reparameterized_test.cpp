#include <cmath>
#include <numbers>

#include "teacher.hpp"

using Eigen::MatrixXd, Eigen::Vector2d, Eigen::VectorXd;

Vector2d doubly_reparameterized(double x, double mean, double log_scale, const VectorXd& eps);

namespace {

double log_normal(double z, double mean, double scale) {
  const double standardized = (z - mean) / scale;
  return -0.5 * standardized * standardized - std::log(scale * std::sqrt(2 * std::numbers::pi));
}

double log_weight(double x, double z, double mean, double scale) {
  return log_normal(z, 0, 1) + log_normal(x, 2 * z, 1) - log_normal(z, mean, scale);
}

VectorXd pair(double a, double b) {
  return (VectorXd(2) << a, b).finished();
}

/// The definition, draw by draw, with difference quotients for both derivatives of a draw.
Vector2d by_quotients(double x, double mean, double log_scale, const VectorXd& eps) {
  const double h = 1e-5, scale = std::exp(log_scale);
  double total = 0;
  for (const double e : eps) total += std::exp(log_weight(x, mean + scale * e, mean, scale));
  Vector2d sum = Vector2d::Zero();
  for (const double e : eps) {
    const double z = mean + scale * e, share = std::exp(log_weight(x, z, mean, scale)) / total;
    const double slope =
        (log_weight(x, z + h, mean, scale) - log_weight(x, z - h, mean, scale)) / (2 * h);
    const double moves = (std::exp(log_scale + h) - std::exp(log_scale - h)) / (2 * h) * e;
    sum += share * share * slope * Vector2d(1, moves);
  }
  return sum;
}

/// E L_2 by quadrature over both noises, and the average of the reader's estimate.
template <class Function>
auto average(const Function& of) {
  const double reach = 7, step = 0.125;
  decltype(of(0, 0)) sum = 0 * of(0, 0);
  for (double a = -reach; a <= reach; a += step) {
    for (double b = -reach; b <= reach; b += step) {
      sum += step * step * std::exp(log_normal(a, 0, 1) + log_normal(b, 0, 1)) * of(a, b);
    }
  }
  return sum;
}

double bound_of_two(double x, double mean, double log_scale) {
  const double scale = std::exp(log_scale);
  return average([&](double a, double b) {
    const double v = log_weight(x, mean + scale * a, mean, scale);
    const double w = log_weight(x, mean + scale * b, mean, scale);
    return std::max(v, w) + std::log1p(std::exp(-std::abs(v - w))) - std::numbers::ln2;
  });
}

}  // namespace

TEST_CASE("at the posterior") {
  // The posterior of x = 1 is N(0.4, 1/5).
  const double log_scale = -0.5 * std::log(5.0);
  const Vector2d got = doubly_reparameterized(1, 0.4, log_scale, VectorXd::Constant(1, 2.0));
  const double pull = -2 * std::sqrt(5.0);  // of log p(x, z) on this z
  teacher::expect("q is the posterior, one draw", MatrixXd(got), MatrixXd::Zero(2, 1), 1e-9,
                  {{Vector2d(pull, -3),
                    "You let mean and log_scale inside log q move with the "
                    "parameters as well. Here z alone moves."},
                   {Vector2d(pull, -4),
                    "Did you leave the encoder's density out of the weight? "
                    "log q depends on z, too."}});
}

TEST_CASE("draw by draw") {
  // Tolerance: the error of difference quotients, some 1e-9.
  const auto check = [](const std::string& where, double x, double mean, double log_scale,
                        const VectorXd& eps) {
    const Vector2d right = by_quotients(x, mean, log_scale, eps);
    const Vector2d by_log(right(0), right(1) / std::exp(log_scale));
    teacher::expect(where, MatrixXd(doubly_reparameterized(x, mean, log_scale, eps)),
                    MatrixXd(right), 1e-7,
                    {{by_log,
                      "By how much does z move when log_scale does? It moves with the "
                      "logarithm of the scale, not with the scale."}});
  };
  check("one draw", 1, 0.1, std::log(0.6), VectorXd::Constant(1, 0.8));
  const Vector2d once = by_quotients(1, 0.1, std::log(0.6), VectorXd::Constant(1, 0.8));
  teacher::expect("the same draw twice: each has the share 1/2",
                  MatrixXd(doubly_reparameterized(1, 0.1, std::log(0.6), pair(0.8, 0.8))),
                  MatrixXd(once / 2), 1e-7,
                  {{once, "Each draw counts with its share. Is it squared?"}});
  check("two draws", 1, 0.1, std::log(0.6), pair(0.8, -1.3));
  check("three draws", -1.5, 0.2, std::log(1.3), (VectorXd(3) << 0.2, -0.9, 1.7).finished());
}

TEST_CASE("on average it is the gradient of the bound") {
  const double x = 1, mean = 0.1, log_scale = std::log(0.7), h = 1e-4;
  const Vector2d right(
      (bound_of_two(x, mean + h, log_scale) - bound_of_two(x, mean - h, log_scale)),
      (bound_of_two(x, mean, log_scale + h) - bound_of_two(x, mean, log_scale - h)));
  Vector2d got;
  for (int i = 0; i < 2; ++i) {
    got(i) = average([&](double a, double b) {
      return doubly_reparameterized(x, mean, log_scale, pair(a, b))(i);
    });
  }
  // Tolerance: quadrature's and the quotients' error.
  teacher::expect("two draws, the average over their noise", MatrixXd(got),
                  MatrixXd(right / (2 * h)), 1e-5);
}
