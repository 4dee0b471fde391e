#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd em_responsibilities(const VectorXd& shares, const MatrixXd& means, const VectorXd& scales,
                             const MatrixXd& x);

namespace {

/// What may go wrong on the way, to know it again; by default nothing does.
struct Faults {
  double half = 0.5;
  bool shares = true;
  int powers_of_scale = -1;  // as many as dimensions
  bool over_points = false;
};

/// Bayes' rule with the densities themselves, a factor a dimension: near the sources that will do.
MatrixXd by_products(const VectorXd& shares, const MatrixXd& means, const VectorXd& scales,
                     const MatrixXd& x, const Faults& faults) {
  MatrixXd p(shares.size(), x.cols());
  for (int i = 0; i < x.cols(); ++i) {
    for (int k = 0; k < shares.size(); ++k) {
      p(k, i) = faults.shares ? shares(k) : 1;
      const int powers = faults.powers_of_scale < 0 ? int(x.rows()) : faults.powers_of_scale;
      for (int j = 0; j < powers; ++j) p(k, i) /= scales(k);
      for (int j = 0; j < x.rows(); ++j) {
        p(k, i) *= std::exp(-faults.half * std::pow((x(j, i) - means(j, k)) / scales(k), 2));
      }
    }
  }
  MatrixXd r = p;
  for (int i = 0; i < x.cols(); ++i) {
    for (int k = 0; k < shares.size(); ++k) {
      r(k, i) /= faults.over_points ? p.row(k).sum() : p.col(i).sum();
    }
  }
  return r;
}

void near_the_sources(const std::string& where, const VectorXd& shares, const MatrixXd& means,
                      const VectorXd& scales, const MatrixXd& x) {
  const auto with = [&](const Faults& f) { return by_products(shares, means, scales, x, f); };
  // Tolerance: rounding, in numbers of at most 1.
  teacher::expect(
      where, em_responsibilities(shares, means, scales, x), with({}), 1e-11,
      {{with({.half = 1}), "Too sure of itself: does the normal's exponent have its 1/2?"},
       {with({.shares = false}), "Common sources make more of the points: where are the shares?"},
       {with({.powers_of_scale = 0}),
        "What is the same for all sources cancels. Is the height of a wide normal the same?"},
       {with({.powers_of_scale = 1}),
        "A normal's height falls with sigma in each of D dimensions."},
       {with({.over_points = true}),
        "Each source's row sums to 1. Over whom does the sum below the line run?"}});
}

}  // namespace

TEST_CASE("two equal sources on a line") {
  const MatrixXd means{{-1, 1}};
  near_the_sources("sources at -1 and 1, points 0 and 0.7", VectorXd{{0.5, 0.5}}, means,
                   VectorXd{{1, 1}}, MatrixXd{{0, 0.7}});
  near_the_sources("the same with shares 0.9 and 0.1", VectorXd{{0.9, 0.1}}, means,
                   VectorXd{{1, 1}}, MatrixXd{{0, 0.7}});
  near_the_sources("a source of share 0", VectorXd{{1, 0}}, means, VectorXd{{1, 1}},
                   MatrixXd{{0, 0.7}});
}

TEST_CASE("three sources of different width, in three dimensions") {
  const MatrixXd means{{0, 1, -1}, {0, 0.5, 2}, {1, 0, 0}};
  const MatrixXd x{{0.2, 1, -0.5, 0}, {0.1, -1, 1.5, 0}, {0.3, 0.5, 1, 0}};
  near_the_sources("scales 0.5, 1 and 2, four points", VectorXd{{0.2, 0.5, 0.3}}, means,
                   VectorXd{{0.5, 1, 2}}, x);
}

TEST_CASE("far out") {
  // Sources at (-1, 0) and (1, 0): in log r_2 - log r_1 the second coordinate cancels, 2 x_1 is
  // left.
  const double right = 1 / (1 + std::exp(-0.6));
  const MatrixXd x{{0.3, 0.3, 0.3}, {0, 60, -1000}};
  const MatrixXd r =
      em_responsibilities(VectorXd{{0.5, 0.5}}, MatrixXd{{-1, 1}, {0, 0}}, VectorXd{{1, 1}}, x);
  teacher::expect_that("points 60 and 1000 standard deviations out give numbers", r.allFinite(),
                       "0/0: all densities of a point have rounded to zero. Is only their ratio "
                       "wanted, may each point have its own largest one taken out?");
  // Tolerance: the rounding of logarithms near -500000.
  teacher::expect("points 0, 60 and 1000 standard deviations out", r,
                  MatrixXd(VectorXd{{1 - right, right}}.replicate(1, 3)), 1e-8);
}
