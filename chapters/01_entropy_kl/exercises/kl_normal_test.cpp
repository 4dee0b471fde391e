#include <cmath>
#include <numbers>
#include <sstream>

#include "teacher.hpp"

using Eigen::MatrixXd;

Eigen::RowVectorXd kl_normal(const MatrixXd& mean, const MatrixXd& log_variance);

namespace {

/// The integral of q log(q/p) over one dimension, by the midpoint rule: no closed form in it.
double kl_by_quadrature(double q_mean, double q_scale, double p_mean, double p_scale) {
  const auto log_normal = [](double z, double mean, double scale) {
    const double standardized = (z - mean) / scale;
    return -0.5 * standardized * standardized - std::log(scale) -
           0.5 * std::log(2 * std::numbers::pi);
  };
  double sum = 0;
  const double reach = 12 * q_scale, step = reach / 2000;
  for (double z = q_mean - reach + step / 2; z < q_mean + reach; z += step) {
    const double log_q = log_normal(z, q_mean, q_scale);
    sum += std::exp(log_q) * (log_q - log_normal(z, p_mean, p_scale)) * step;
  }
  return sum;
}

void one_dimension(double mean, double scale) {
  const double log_variance = 2 * std::log(scale);
  const double right = kl_by_quadrature(mean, scale, 0, 1);
  std::ostringstream where;
  where << "mean " << mean << ", scale " << scale;
  // Tolerance: the midpoint rule's error, far below what any slip changes.
  teacher::expect(
      where.str(),
      MatrixXd(kl_normal(MatrixXd::Constant(1, 1, mean), MatrixXd::Constant(1, 1, log_variance))),
      MatrixXd::Constant(1, 1, right), 1e-7,
      {{MatrixXd::Constant(1, 1, 2 * right), "Twice the answer: did you drop the 1/2?"},
       {MatrixXd::Constant(1, 1, kl_by_quadrature(0, 1, mean, scale)),
        "That is the other direction, KL(p || q): whose expectation is it?"},
       {MatrixXd::Constant(1, 1, kl_by_quadrature(mean, scale * scale, 0, 1)),
        "Did you read log_variance as the logarithm of the scale?"}});
}

}  // namespace

TEST_CASE("one dimension") {
  one_dimension(0, 1);
  one_dimension(1, 1);
  one_dimension(0, 0.5);
  one_dimension(-0.5, 2);
}

TEST_CASE("three dimensions, two samples") {
  MatrixXd mean(3, 2), scale(3, 2), right(1, 2);
  mean << 0.3, -1, 2, 0.1, 0, 0;
  scale << 1, 0.5, 2, 1.5, 0.8, 1;
  right.setZero();
  for (int c = 0; c < 2; ++c) {
    for (int r = 0; r < 3; ++r) right(0, c) += kl_by_quadrature(mean(r, c), scale(r, c), 0, 1);
  }
  teacher::expect(
      "3 dimensions, 2 samples", kl_normal(mean, 2 * scale.array().log()), right, 1e-6,
      {{right / 3, "Averaged over the dimensions: independent parts of a code are paid in sum."},
       {MatrixXd::Constant(1, 1, right.sum()),
        "One number for all: the samples are to stay apart."}});
}
