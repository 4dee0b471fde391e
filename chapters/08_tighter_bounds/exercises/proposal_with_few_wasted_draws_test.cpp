#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "teacher.hpp"

using Eigen::MatrixXd;

MatrixXd proposal_with_few_wasted_draws(const std::function<double(double)>& log_joint);

namespace {

double log_joint(double x, double z) {
  const double miss = (x - z * z - 0.4 * z) / 0.5;
  return -0.5 * z * z - 0.5 * miss * miss - std::log(2 * std::numbers::pi * 0.5);
}

double density(const MatrixXd& q, double z) {
  double sum = 0;
  for (Eigen::Index c = 0; c < q.cols(); ++c) {
    const double standardized = (z - q(0, c)) / q(1, c);
    sum += q(2, c) * std::exp(-0.5 * standardized * standardized) /
           (q(1, c) * std::sqrt(2 * std::numbers::pi));
  }
  return sum;
}

MatrixXd proposal(double x) {
  return proposal_with_few_wasted_draws([x](double z) { return log_joint(x, z); });
}

/// 1 / E_q[u^2] and the largest u, over a grid much finer than any hump.
struct Waste {
  double effective_share, heaviest;
};
Waste waste(double x, const MatrixXd& q) {
  const double step = 0.001;
  double evidence = 0, square = 0, largest = 0;
  for (double z = -8; z < 8; z += step) {
    const double joint = std::exp(log_joint(x, z)), under_q = density(q, z);
    if (joint < 1e-30) continue;  // nothing that counts, and then 0/0
    evidence += joint * step;
    square += joint * joint / under_q * step;
    largest = std::max(largest, joint / under_q);
  }
  return {evidence * evidence / square, largest / evidence};
}

/// One normal with the posterior's own mean and scale.
MatrixXd one_normal(double x) {
  double mass = 0, first = 0, second = 0;
  for (double z = -8; z < 8; z += 0.001) {
    const double p = std::exp(log_joint(x, z));
    mass += p, first += p * z, second += p * z * z;
  }
  const double mean = first / mass;
  return Eigen::Vector3d(mean, std::sqrt(second / mass - mean * mean), 1);
}

const double images[] = {-0.3, 0.8, 1.5, 3};

}  // namespace

TEST_CASE("the proposals") {
  double worst = 1;
  for (const double x : images) {
    const std::string image = "x = " + std::to_string(x).substr(0, x < 0 ? 4 : 3);
    const MatrixXd q = proposal(x);
    teacher::expect_that(image + ", all finite", q.allFinite(),
                         "Not a number: is anything written yet?");
    teacher::expect_that(image + ", its size", q.rows() == 3 && q.cols() >= 1 && q.cols() <= 3,
                         "At most three normals, one a column: mean, scale, share.");
    // A normal narrower than this would fall between the nodes of the check's grid.
    teacher::expect_that(image + ", the scales", (q.row(1).array() >= 0.01).all(),
                         "Every scale is at least 0.01. (Scales, not their logarithms.)");
    teacher::expect_that(image + ", the shares",
                         (q.row(2).array() > 0).all() && std::abs(q.row(2).sum() - 1) < 1e-6,
                         "Is it a density? The shares are positive and sum to 1.");
    const Waste of = waste(x, q);
    teacher::expect_that(image + ", no weight above 1000", of.heaviest < 1000,
                         "Somewhere a single draw weighs a thousand of the others: where is q as "
                         "good as nothing and the posterior is not?");
    worst = std::min(worst, of.effective_share);
  }
  teacher::score_at_least("the worst effective share of four images", worst, 0.85);
}

TEST_CASE("as the question says", "[.told]") {
  double worst = 1;
  for (const double x : images) worst = std::min(worst, waste(x, one_normal(x)).effective_share);
  teacher::told("0.15", worst);
}
