#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;

void ppca_em_turn(const MatrixXd& x, MatrixXd& weight, double& noise_variance);

namespace {

VectorXd turn(const MatrixXd& x, MatrixXd weight, double noise_variance) {
  ppca_em_turn(x, weight, noise_variance);
  VectorXd both(weight.size() + 1);
  both << weight.reshaped(), noise_variance;
  return both;
}

/// A turn with one code: its posterior by quadrature of p(x, z), the M-step by hand. Of the code's
/// variance, the parts `in_weight` and `in_noise` are taken.
VectorXd by_quadrature(const MatrixXd& x, const VectorXd& w, double noise_variance,
                       double in_weight, double in_noise, bool old_weight = false) {
  const auto n = static_cast<int>(x.cols());
  VectorXd mean = VectorXd::Zero(n), variance = VectorXd::Zero(n);
  for (int i = 0; i < n; ++i) {
    double mass = 0, first = 0, second = 0;
    for (double z = -10; z < 10; z += 0.02) {
      double square = z * z;
      for (int j = 0; j < x.rows(); ++j) square += std::pow(x(j, i) - w(j) * z, 2) / noise_variance;
      const double p = std::exp(-square / 2);
      mass += p, first += p * z, second += p * z * z;
    }
    mean(i) = first / mass;
    variance(i) = second / mass - mean(i) * mean(i);
  }
  VectorXd both(w.size() + 1);
  double left = 0;
  for (int j = 0; j < x.rows(); ++j) {
    double cross = 0, squares = 0;
    for (int i = 0; i < n; ++i) {
      cross += x(j, i) * mean(i);
      squares += mean(i) * mean(i) + in_weight * variance(i);
    }
    both(j) = cross / squares;
    const double used = old_weight ? w(j) : both(j);
    for (int i = 0; i < n; ++i) {
      left += std::pow(x(j, i) - used * mean(i), 2) + used * used * in_noise * variance(i);
    }
  }
  both(w.size()) = left / static_cast<double>(x.size());
  return both;
}

/// 200 samples of 6 pixels, their mean taken off.
MatrixXd samples() {
  std::mt19937_64 engine(6);
  const auto uniform = [&] { return (static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53; };
  const auto normal = [&] {
    const double r = std::sqrt(-2 * std::log(uniform()));
    return r * std::cos(2 * std::numbers::pi * uniform());
  };
  const MatrixXd w{{1, 0}, {1, 0.5}, {0.5, -1}, {0, 1}, {-1, 0.5}, {0.2, 0}};
  MatrixXd x(6, 200);
  for (int i = 0; i < 200; ++i) {
    const VectorXd z{{normal(), normal()}};
    for (int j = 0; j < 6; ++j) x(j, i) = w.row(j).dot(z) + 0.5 * normal();
  }
  const VectorXd mean = x.rowwise().mean();
  return x.colwise() - mean;
}

MatrixXd start() {
  return MatrixXd{{1, 0}, {0, 1}, {1, 0}, {0, 1}, {1, 0}, {0, 1}} / 2;
}

double log_likelihood(const MatrixXd& x, const MatrixXd& w, double noise_variance) {
  const MatrixXd covariance =
      w * w.transpose() + noise_variance * MatrixXd::Identity(x.rows(), x.rows());
  const double n = static_cast<double>(x.cols());
  return -0.5 * (x.cwiseProduct(covariance.inverse() * x).sum() +
                 n * std::log((2 * std::numbers::pi * covariance).determinant()));
}

struct Turns {
  VectorXd log_likelihood{1001}, weight_size{1001};  // at the start, and after each turn
  double noise = 1;

  VectorXd rises() const { return log_likelihood.tail(1000) - log_likelihood.head(1000); }
};
Turns thousand_turns(const MatrixXd& x) {
  Turns turns;
  MatrixXd weight = start();
  for (int i = 0; i <= 1000; ++i) {
    if (i > 0) ppca_em_turn(x, weight, turns.noise);
    turns.log_likelihood(i) = log_likelihood(x, weight, turns.noise);
    turns.weight_size(i) = weight.norm();
  }
  return turns;
}

void one_code(const std::string& where, const MatrixXd& x, const VectorXd& w, double noise) {
  const auto n = static_cast<double>(x.cols());
  const auto with = [&](double in_weight, double in_noise, bool old = false) {
    return MatrixXd(by_quadrature(x, w, noise, in_weight, in_noise, old));
  };
  // Tolerance: the quadrature is exact to rounding, for a normal.
  teacher::expect(
      where + " (W in the first rows, sigma^2 in the last)", MatrixXd(turn(x, w, noise)),
      with(1, 1), 1e-8,
      {{with(0, 0),
        "The turn is exact for codes that are certain. How certain is the posterior about its "
        "code?"},
       {with(1 / n, 1 / n), "One code's uncertainty is in it. How many codes are there?"},
       {with(1 / noise, 1 / noise), "The uncertainty has the wrong size: less noise, surer codes."},
       {with(1, 0),
        "W knows of the uncertainty now, the noise does not: what is left over has two parts."},
       {with(1, 1, true),
        "The noise is what the old W leaves over. Which W will it stand beside?"}});
}

}  // namespace

TEST_CASE("one code, the posterior by quadrature") {
  one_code("two pixels, one sample", MatrixXd{{1}, {0.5}}, VectorXd{{1, 0.3}}, 0.5);
  one_code("two pixels, three samples", MatrixXd{{1, -0.4, 0.3}, {0.5, -1, 0.2}},
           VectorXd{{1, 0.3}}, 0.5);
  one_code("three pixels, two samples", MatrixXd{{2, -1}, {0, 1}, {1, 0}}, VectorXd{{0.2, 1, -1}},
           2);
}

TEST_CASE("two codes, 200 samples") {
  const MatrixXd x = samples();
  const Turns turns = thousand_turns(x);
  // Tolerance: the rounding of a sum of -1500 nats, with room.
  teacher::expect_that("the likelihood does not fall in 1000 turns",
                       (turns.rises().array() <= -1e-8).count() == 0,
                       "A turn has lowered the likelihood. Does the E-step's q touch it?");
  // After 1000 turns EM has met its limit to rounding, the four small eigenvalues' mean.
  const VectorXd eigenvalues =
      Eigen::SelfAdjointEigenSolver<MatrixXd>(x * x.transpose() / 200).eigenvalues();
  teacher::expect("the noise in the end, against the closed form", turns.noise,
                  eigenvalues.head(4).mean(), 1e-8);
}

TEST_CASE("as the question says", "[.told]") {
  const Turns turns = thousand_turns(samples());
  teacher::told("-1504", turns.log_likelihood(2));
  teacher::told("-2159", turns.log_likelihood(1000));
  teacher::told("0.168", turns.noise);
  // "rises for two turns", "falls in every turn from then on", "W never stops growing"
  CHECK(turns.rises().head(2).minCoeff() > 0);
  CHECK(turns.rises().tail(998).maxCoeff() < 0);
  CHECK((turns.weight_size.tail(998) - turns.weight_size.segment(2, 998)).minCoeff() > 0);
}
