#include <algorithm>
#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;

Eigen::RowVectorXd floor_listed(const MatrixXd& log_joint, const MatrixXd& q);

namespace {

double log_evidence(const VectorXd& log_joint) {
  double top = -INFINITY, sum = 0;
  for (const double value : log_joint) top = std::max(top, value);
  for (const double value : log_joint) sum += std::exp(value - top);
  return top + std::log(sum);
}

/// The floor from above: the ceiling less the divergence from the posterior. No weight in it.
double ceiling_less_gap(const VectorXd& log_joint, const VectorXd& q) {
  const double ceiling = log_evidence(log_joint);
  double gap = 0;
  for (int k = 0; k < q.size(); ++k) {
    if (q(k) > 0) gap += q(k) * std::log(q(k) / std::exp(log_joint(k) - ceiling));
  }
  return ceiling - gap;
}

/// What the wrong answers add up: share * (log p(x, z) + sign * log q(z)).
double sum(const VectorXd& log_joint, const VectorXd& share, double sign, const VectorXd& q) {
  double total = 0;
  for (int k = 0; k < q.size(); ++k) total += share(k) * (log_joint(k) + sign * std::log(q(k)));
  return total;
}

void guess(const std::string& where, const MatrixXd& log_joint, const MatrixXd& q) {
  const VectorXd share = VectorXd::Constant(q.rows(), 1.0 / static_cast<double>(q.rows()));
  MatrixXd right(1, q.cols()), ceiling = right, turned = right, bare = right, even = right;
  for (int c = 0; c < q.cols(); ++c) {
    right(c) = ceiling_less_gap(log_joint.col(c), q.col(c));
    ceiling(c) = log_evidence(log_joint.col(c));
    turned(c) = sum(log_joint.col(c), q.col(c), 1, q.col(c));
    bare(c) = sum(log_joint.col(c), q.col(c), 0, q.col(c));
    even(c) = sum(log_joint.col(c), share, -1, q.col(c));
  }
  // Tolerance: rounding of a sum of a few terms of size 1 to 1000.
  teacher::expect(where, MatrixXd(floor_listed(log_joint, q)), right, 1e-10,
                  {{ceiling, "That is log p(x) itself: did you average before the logarithm?"},
                   {turned, "The entropy of q has the wrong sign: is log q taken away?"},
                   {bare, "Where is log q? E_q[log p(x, z)] alone would like q to be a spike."},
                   {even, "Every z counted alike: whose average is it?"}});
}

}  // namespace

TEST_CASE("z is 0 or 1") {
  guess("p(x, z) = 0.02 and 0.11, q = (0.6, 0.4)", MatrixXd{{std::log(0.02)}, {std::log(0.11)}},
        MatrixXd{{0.6}, {0.4}});
  guess("the same, q = the posterior: the floor touches log p(x)",
        MatrixXd{{std::log(0.02)}, {std::log(0.11)}}, MatrixXd{{2.0 / 13}, {11.0 / 13}});
}

TEST_CASE("three values, two samples") {
  guess("3 values of z, 2 samples", MatrixXd{{-1.5, -0.2}, {-3.0, -4.0}, {-0.7, -2.5}},
        MatrixXd{{0.2, 0.5}, {0.3, 0.25}, {0.5, 0.25}});
}

TEST_CASE("what q never draws") {
  const MatrixXd log_joint{{-1.5}, {-INFINITY}, {-0.7}}, q{{0.25}, {0.0}, {0.75}};
  const MatrixXd got = floor_listed(log_joint, q);
  teacher::expect_that("q = (0.25, 0, 0.75): the floor is a number", got.allFinite(),
                       "0 times log 0: what does a z cost that q never draws?");
  teacher::expect("q = (0.25, 0, 0.75), the middle z impossible", got,
                  MatrixXd::Constant(1, 1, ceiling_less_gap(log_joint.col(0), q.col(0))), 1e-10);
}

TEST_CASE("a picture: log-probabilities far below what exp can hold") {
  guess("log p(x, z) near -2000", MatrixXd{{-2000.0}, {-2001.5}}, MatrixXd{{0.7}, {0.3}});
}
