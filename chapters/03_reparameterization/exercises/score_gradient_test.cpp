#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::RowVectorXd;

MatrixXd score_gradient(const RowVectorXd& f, const MatrixXd& z, const MatrixXd& mean,
                        const MatrixXd& scale);

namespace {

/// The slope of log q in the mean, by a central difference: no derivative was taken by hand.
double score_by_difference(double z, double mean, double scale) {
  const auto log_q = [&](double at) {
    return -0.5 * std::pow((z - at) / scale, 2) - std::log(scale);
  };
  const double h = 1e-4;
  return (log_q(mean + h) - log_q(mean - h)) / (2 * h);
}

/// Tolerance: log q is quadratic in the mean, so the difference is exact but for rounding, 1e-11.
void check(const std::string& where, const RowVectorXd& f, const MatrixXd& z, const MatrixXd& mean,
           const MatrixXd& scale) {
  MatrixXd right = z, eps = z, distance = z, no_f = z;
  for (int c = 0; c < z.cols(); ++c) {
    for (int r = 0; r < z.rows(); ++r) {
      no_f(r, c) = score_by_difference(z(r, c), mean(r, c), scale(r, c));
      right(r, c) = f(c) * no_f(r, c);
      eps(r, c) = right(r, c) * scale(r, c);
      distance(r, c) = eps(r, c) * scale(r, c);
    }
  }
  teacher::expect(
      where, score_gradient(f, z, mean, scale), right, 1e-8,
      {{eps, "That is f eps, and the score is eps / scale. How often is z - mean divided?"},
       {distance, "Nothing says how wide the cloud is: what stands below (z - mean)^2 in log q?"},
       {-right, "That is the slope of log q in z. Which of z and mean do we turn?"},
       {no_f, "The score alone, whose mean is zero: has f been asked what the draw was worth?"},
       {right.rowwise().mean(), "Averaged already: the draws are to stay apart, one a column."}});
}

MatrixXd one(double value) {
  return MatrixXd::Constant(1, 1, value);
}

}  // namespace

TEST_CASE("one draw in one dimension") {
  check("f 1, z 1, mean 0, scale 1", one(1), one(1), one(0), one(1));
  check("f 3, z 1, mean 0.5, scale 1", one(3), one(1), one(0.5), one(1));
  check("f 3, z 1, mean 0.5, scale 0.8", one(3), one(1), one(0.5), one(0.8));
  check("f -2, z -1, mean 0.5, scale 3", one(-2), one(-1), one(0.5), one(3));
}

TEST_CASE("three dimensions, two draws") {
  MatrixXd z(3, 2), mean(3, 2), scale(3, 2);
  z << 0.3, -1, 2, 0.1, 0, 0.7;
  mean << 0.1, -0.5, 1, 1, 0.2, 0;
  scale << 1.2, 0.5, 2, 1.5, 0.8, 3;
  check("3 dimensions, 2 draws", RowVectorXd{{4, -1.5}}, z, mean, scale);
}

TEST_CASE("right on average") {
  // Three draws with weights 1/6, 2/3, 1/6 stand for all of N(0, 1), exactly for polynomials of
  // degree up to five (Gauss-Hermite); f(z) = z^2 times the score has degree three.
  const double far = std::sqrt(3);
  const RowVectorXd z{{0.5 - 0.8 * far, 0.5, 0.5 + 0.8 * far}};
  const MatrixXd g = score_gradient(z.array().square(), z, MatrixXd::Constant(1, 3, 0.5),
                                    MatrixXd::Constant(1, 3, 0.8));
  teacher::expect("the mean of the estimates of the slope of E z^2, mean 0.5, scale 0.8",
                  (g(0) + 4 * g(1) + g(2)) / 6, 1.0, 1e-12);
}
