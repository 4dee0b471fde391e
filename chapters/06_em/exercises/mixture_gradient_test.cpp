#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::RowVectorXd;

MatrixXd mixture_gradient(const MatrixXd& parameters, const RowVectorXd& x);

namespace {

using Function = std::function<double(const MatrixXd&)>;

double log_sum(const RowVectorXd& a) {
  double sum = -1e300;
  for (double b : a) sum = std::max(sum, b) + std::log1p(std::exp(-std::abs(sum - b)));
  return sum;
}

/// log pi_k + log N(x; mu_k, v_k).
double log_joint(const MatrixXd& p, int k, double x) {
  const double variance = std::exp(p(2, k)), off = x - p(1, k);
  return p(0, k) - log_sum(p.row(0)) - 0.5 * off * off / variance -
         0.5 * std::log(2 * std::numbers::pi * variance);
}

/// By central differences.
MatrixXd slope(const Function& f, const MatrixXd& at) {
  MatrixXd result(at.rows(), at.cols()), moved = at;
  constexpr double step = 1e-4;
  for (int e = 0; e < at.size(); ++e) {
    const auto value = [&](double far) {
      moved.data()[e] = at.data()[e] + far;
      const double there = f(moved);
      moved.data()[e] = at.data()[e];
      return there;
    };
    // Fourth order: what is left is of the size of step^4.
    result.data()[e] =
        (8 * (value(step) - value(-step)) - (value(2 * step) - value(-2 * step))) / (12 * step);
  }
  return result;
}

void at(const std::string& where, const MatrixXd& parameters, const RowVectorXd& x) {
  const int m = static_cast<int>(parameters.cols());
  const MatrixXd right = slope(
      [&](const MatrixXd& p) {
        double sum = 0;
        for (double point : x) {
          RowVectorXd terms(m);
          for (int k = 0; k < m; ++k) terms(k) = log_joint(p, k, point);
          sum += log_sum(terms);
        }
        return sum;
      },
      parameters);
  const MatrixXd by_share = slope(
      [&](const MatrixXd& p) {
        double sum = 0;
        for (double point : x) {
          for (int k = 0; k < m; ++k) {
            sum += std::exp(parameters(0, k) - log_sum(parameters.row(0))) * log_joint(p, k, point);
          }
        }
        return sum;
      },
      parameters);
  const auto changed = [&](int row, auto change) {
    MatrixXd wrong = right;
    for (int k = 0; k < m; ++k) change(wrong(row, k), k);
    return wrong;
  };
  const auto variance = [&](int k) { return std::exp(parameters(2, k)); };
  const auto n = static_cast<double>(x.size());
  // Tolerance: the quotients' rounding, of logarithms of up to 2000 nats, over the step.
  teacher::expect(
      where, mixture_gradient(parameters, x), right, 1e-6,
      {{changed(0,
                [&](double& g, int k) {
                  g += n * std::exp(parameters(0, k) - log_sum(parameters.row(0)));
                }),
        "More of one share is less of the others: does the softmax's own sum move with the logit?"},
       {changed(2, [](double& g, int) { g *= 2; }),
        "Row 2 is twice what it should be: the logarithm of the scale is half that of the "
        "variance."},
       {changed(1, [&](double& g, int k) { g *= variance(k); }),
        "A wide source is pulled less by the same distance: by what does the mean's row divide?"},
       {changed(2, [&](double& g, int k) { g /= variance(k); }),
        "Row 2 is the derivative by the variance. Wanted is the one by its logarithm."},
       {by_share, "Every point pulls every source by its share. Has nobody looked at the point?"},
       {right / n, "The mean over the points: the log-likelihood is their sum."}});
}

}  // namespace

TEST_CASE("a single source: the normal") {
  at("one source at 0 with variance 1, one point at 2", MatrixXd{{0}, {0}, {0}}, RowVectorXd{{2}});
  at("one source at 1 with variance 4, three points", MatrixXd{{0.3}, {1}, {std::log(4)}},
     RowVectorXd{{2, -1, 0.5}});
}

TEST_CASE("several sources") {
  at("two sources, one point", MatrixXd{{0, 1}, {-1, 1}, {0, 0}}, RowVectorXd{{0.4}});
  at("three sources, five points", MatrixXd{{0, 1, -0.5}, {-1, 0.5, 2}, {-1, 0.4, 1}},
     RowVectorXd{{-1.2, 0, 0.3, 2, 4}});
}

TEST_CASE("far out") {
  const MatrixXd parameters{{0, 0}, {-1, 1}, {0, 0.1}};
  teacher::expect_that(
      "a point at 60 gives numbers", mixture_gradient(parameters, RowVectorXd{{60}}).allFinite(),
      "0/0: both densities have rounded to zero. Did the responsibilities leave the "
      "logarithms too early?");
  at("two sources, a point at 60", parameters, RowVectorXd{{60}});
}
