#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;

Eigen::VectorXd adam_from_zero(const MatrixXd& gradients, double learning_rate);

namespace {

/// The weighted mean of the first n values, each counting beta as much as the next: no running
/// mean, no correction, weights that are made to sum to 1.
double weighted(const MatrixXd& values, Eigen::Index row, Eigen::Index n, double beta) {
  double sum = 0, weights = 0;
  for (Eigen::Index i = 0; i < n; ++i) {
    const double weight = std::pow(beta, static_cast<double>(n - 1 - i));
    sum += weight * values(row, i), weights += weight;
  }
  return sum / weights;
}

MatrixXd by_weights(const MatrixXd& gradients, double learning_rate) {
  MatrixXd at = MatrixXd::Zero(gradients.rows(), 1);
  for (Eigen::Index p = 0; p < gradients.rows(); ++p) {
    for (Eigen::Index n = 1; n <= gradients.cols(); ++n) {
      const double square = weighted(gradients.cwiseAbs2(), p, n, 0.999);
      at(p) -= learning_rate * weighted(gradients, p, n, 0.9) / (std::sqrt(square) + 1e-8);
    }
  }
  return at;
}

}  // namespace

TEST_CASE("the gradient 1 at each step: steps of one learning rate each") {
  const auto steps = [](Eigen::Index n) { return -adam_from_zero(MatrixXd::Ones(1, n), 1)(0); };
  // Tolerance: the 1e-8 that keeps the division from 0, over the root of 0.001, times the steps.
  teacher::expect(
      "after one step, in learning rates", steps(1), 1, 1e-4,
      {{10, "Ten: the first mean is right. By how much is the share of the second mean off?"},
       {std::sqrt(10.0), "Neither mean is corrected: 0.1 / sqrt(0.001)."},
       {0.1 / 0.1 / std::sqrt(0.001), "Only the first mean is corrected: 1 / sqrt(0.001)."},
       {std::sqrt(0.001),
        "The correction belongs to the mean of squares. Outside of the root it "
        "is too much."}});
  // Where the corrected means are kept, they are corrected again.
  const double m = 1 / (1 - 0.81), v = 1 / (1 - 0.999 * 0.999);
  teacher::expect("after two steps, in learning rates", steps(2), 2, 1e-4,
                  {{1 + m / std::sqrt(v),
                    "One step is right, two are not: a running mean that "
                    "remembers its correction is corrected twice. Keep m "
                    "and v as they are."}});
  teacher::expect("after 30 steps, in learning rates", steps(30), 30, 1e-4);
}

TEST_CASE("gradients that change") {
  MatrixXd gradients(3, 40);
  for (Eigen::Index i = 0; i < gradients.size(); ++i) {
    const double t = static_cast<double>(i);
    gradients(i) = std::sin(0.3 * t) + 0.4 * std::cos(1.7 * t) + 0.3;
  }
  teacher::expect("three parameters, 40 steps of rate 0.01",
                  MatrixXd(adam_from_zero(gradients, 0.01)), by_weights(gradients, 0.01), 1e-9);
}
