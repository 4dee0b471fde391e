#include <cmath>
#include <utility>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;

std::pair<MatrixXd, double> one_layer_back(const VectorXd& beta, int t, const MatrixXd& xt,
                                           const MatrixXd& x0);

namespace {

/// Bayes' rule by a sum over x_{t-1}: q(x_t | x_{t-1}) q(x_{t-1} | x_0), of which the second comes
/// from walking the chain. No closed form of the product in it.
struct Moments {
  double mean, variance;
};
Moments by_quadrature(const VectorXd& beta, int t, double xt, double x0) {
  double mean = x0, variance = 0;
  for (int s = 0; s + 1 < t; ++s) {
    mean *= std::sqrt(1 - beta(s));
    variance = (1 - beta(s)) * variance + beta(s);
  }
  const double scale = std::sqrt(variance), step = scale / 400;
  double total = 0, first = 0, second = 0;
  for (double x = mean - 12 * scale; x < mean + 12 * scale; x += step) {
    const double from_below = (x - mean) / scale, on = xt - std::sqrt(1 - beta(t - 1)) * x;
    const double weight = std::exp(-0.5 * (from_below * from_below + on * on / beta(t - 1)));
    total += weight, first += weight * x, second += weight * x * x;
  }
  return {first / total, second / total - first * first / (total * total)};
}

double left(const VectorXd& beta, int t) {
  double share = 1;
  for (int s = 0; s < t; ++s) share *= 1 - beta(s);
  return share;
}

void one_number(const std::string& where, const VectorXd& beta, int t, double xt, double x0) {
  const auto [mean, variance] =
      one_layer_back(beta, t, MatrixXd::Constant(1, 1, xt), MatrixXd::Constant(1, 1, x0));
  const Moments right = by_quadrature(beta, t, xt, x0);
  const double b = beta(t - 1), before = left(beta, t - 1), now = left(beta, t);
  const double of_x0 = std::sqrt(before) * b / (1 - now);
  const double of_xt = std::sqrt(1 - b) * (1 - before) / (1 - now);
  const double alone = t > 1 ? beta(t - 2) : 0;  // the noise of the layer below, by itself
  const auto number = [](double v) { return MatrixXd(MatrixXd::Constant(1, 1, v)); };
  const bool room = t < beta.size();
  const Moments next = room ? by_quadrature(beta, t + 1, xt, x0) : right;
  // Tolerance: the sum is exact to 1e-10 of values of size 1.
  teacher::expect(
      where + ": the variance", variance, right.variance, 1e-8,
      {{b, "That is beta_t, the variance forwards. Does it help to know x_0?"},
       {b * alone / (1 - (1 - alone) * (1 - b)),
        "What is left after several layers is a product over all of them. Is yours?"},
       {next.variance, "That is the layer after: beta(0) is beta_1, so where is beta_t?"},
       {std::sqrt(right.variance), "That is a standard deviation: a variance is asked for."}});
  teacher::expect(where + ": the mean", mean, number(right.mean), 1e-8,
                  {{number(of_xt * x0 + of_x0 * xt),
                    "The weights have changed places: in a late layer x_t knows x_{t-1} far better "
                    "than x_0 does."},
                   {number(of_x0 * std::sqrt(1 - b) * x0 + of_xt * xt),
                    "The weight of x_0 is of one layer too far: what is left of x_0 in x_{t-1}?"},
                   {number(of_x0 * std::sqrt(before) * x0 + of_xt * std::sqrt(1 - b) * xt),
                    "Were roots lost? A share of the variance belongs to a square, a mean shrinks "
                    "by its root."}});
}

}  // namespace

TEST_CASE("one number") {
  VectorXd beta(4);
  beta << 0.1, 0.2, 0.3, 0.4;
  one_number("beta = 0.1, 0.2, ..., t = 2, x_2 = 1, x_0 = 0", beta, 2, 1, 0);
  one_number("t = 2, x_2 = 0, x_0 = 1", beta, 2, 0, 1);
  one_number("t = 3, x_3 = -0.4, x_0 = 1.5", beta, 3, -0.4, 1.5);
  one_number("t = 4, the last layer", beta, 4, 2, -1);
}

TEST_CASE("the first layer") {
  VectorXd beta(2);
  beta << 0.1, 0.2;
  const MatrixXd xt = MatrixXd::Constant(1, 1, 5), x0 = MatrixXd::Constant(1, 1, -2);
  const auto [mean, variance] = one_layer_back(beta, 1, xt, x0);
  teacher::expect("t = 1: x_0 given x_0, the mean", mean, x0, 1e-12);
  teacher::expect("t = 1: x_0 given x_0, the variance", variance, 0, 1e-12);
}

TEST_CASE("two dimensions, three samples") {
  const VectorXd beta = VectorXd::LinSpaced(30, 0.01, 0.3);
  MatrixXd xt(2, 3), x0(2, 3), right(2, 3);
  xt << 0.3, -1, 2, 0.1, 0, -0.5;
  x0 << 1, 0.5, -2, 1.5, -0.8, 1;
  for (int c = 0; c < 3; ++c) {
    for (int r = 0; r < 2; ++r) right(r, c) = by_quadrature(beta, 17, xt(r, c), x0(r, c)).mean;
  }
  teacher::expect("layer 17 of 30, 2 dimensions, 3 samples", one_layer_back(beta, 17, xt, x0).first,
                  right, 1e-8);
}
