#include <cmath>
#include <numbers>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;

Eigen::RowVectorXd curtain_weights(const VectorXd& x, double weight, double noise,
                                   const VectorXd& mean, const VectorXd& scale,
                                   const MatrixXd& eps);

namespace {

double density(double value, double mean, double scale) {
  const double away = (value - mean) / scale;
  return std::exp(-away * away / 2) / (std::sqrt(2 * std::numbers::pi) * scale);
}

const double weight = 1.5, noise = 0.8;

/// Densities multiplied and divided, curtain by curtain; the logarithm comes last.
MatrixXd by_densities(const VectorXd& x, const VectorXd& mean, const VectorXd& scale,
                      const MatrixXd& eps) {
  MatrixXd sum = MatrixXd::Zero(1, eps.cols());
  for (int c = 0; c < eps.cols(); ++c) {
    for (int r = 0; r < eps.rows(); ++r) {
      const double z = mean(r) + scale(r) * eps(r, c);
      sum(c) += std::log(density(x(r), weight * z, noise) * density(z, 0, 1) /
                         density(z, mean(r), scale(r)));
    }
  }
  return sum;
}

void guess(const std::string& where, const VectorXd& x, const VectorXd& mean, const VectorXd& scale,
           const MatrixXd& eps) {
  const MatrixXd right = by_densities(x, mean, scale, eps);
  double logs = 0;
  for (const double s : scale) logs += std::log(s);
  const auto d = static_cast<double>(x.size());
  const auto off = [&](double by) { return MatrixXd(right.array() + by * logs); };
  MatrixXd forgotten = MatrixXd::Zero(1, eps.cols());
  for (int c = 0; c < eps.cols(); ++c) {
    for (int r = 0; r < eps.rows(); ++r) {
      forgotten(c) += std::log(density(x(r), weight * (mean(r) + scale(r) * eps(r, c)), noise));
    }
  }
  // Tolerance: rounding of some hundred terms of size 1.
  teacher::expect(
      where, MatrixXd(curtain_weights(x, weight, noise, mean, scale, eps)), right, 1e-10,
      {{off(-1),
        "Still as before: integrate each of the two densities. Which constants do cancel?"},
       {off(-2),
        "Now it is off by twice as much: does a narrow q make its draws heavier or lighter?"},
       {off(1), "One logarithm too many: is the height of a normal 1 / scale, or 1 / scale^2?"},
       {off(d - 1), "Right for one curtain only: is the sum over curtains taken twice?"},
       {off(1 / d - 1), "Averaged over the curtains: densities of independent z multiply."},
       {forgotten, "That is p(x | z), and the weight p(z) / q(z) is gone altogether."}});
}

/// Numbers in [-2, 2) that look thrown: noise enough for a formula that holds for every eps.
MatrixXd some_noise(int rows, int columns) {
  MatrixXd eps(rows, columns);
  for (int i = 0; i < eps.size(); ++i) eps(i) = 4 * std::fmod(0.618033988749895 * (i + 1), 1) - 2;
  return eps;
}

// The sum of two normals: x ~ N(0, weight^2 + noise^2), and z follows by completing the square.
const double variance = weight * weight + noise * noise;
const double log_evidence = std::log(density(1.2, 0, std::sqrt(variance)));

MatrixXd by_the_posterior(int curtains) {
  const VectorXd x = VectorXd::Constant(curtains, 1.2), mean = weight / variance * x;
  const VectorXd scale = VectorXd::Constant(curtains, noise / std::sqrt(variance));
  return curtain_weights(x, weight, noise, mean, scale, some_noise(curtains, 6));
}

}  // namespace

TEST_CASE("one curtain") {
  const VectorXd x{{1.2}};
  const MatrixXd eps = some_noise(1, 5);
  guess("q = the prior", x, VectorXd{{0.0}}, VectorXd{{1.0}}, eps);
  guess("q = N(0.2, 0.25^2)", x, VectorXd{{0.2}}, VectorXd{{0.25}}, eps);
}

TEST_CASE("three curtains, a scale each") {
  guess("3 curtains", VectorXd{{1.2, -0.4, 3}}, VectorXd{{0.6, 0, 1.5}}, VectorXd{{0.5, 2, 0.3}},
        some_noise(3, 4));
}

TEST_CASE("twenty curtains, q = the posterior") {
  teacher::expect("every draw has the weight p(x)", by_the_posterior(20),
                  MatrixXd::Constant(1, 6, 20 * log_evidence), 1e-9);
}

TEST_CASE("as the question says", "[.told]") {
  teacher::told("-0.94", by_the_posterior(1)(0));
  teacher::told("-1.70", log_evidence);
  teacher::told("15", by_the_posterior(20)(0) - 20 * log_evidence);
}
