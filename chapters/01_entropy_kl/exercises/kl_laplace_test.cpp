#include <algorithm>
#include <cmath>
#include <sstream>

#include "teacher.hpp"

using Eigen::MatrixXd;

Eigen::RowVectorXd kl_laplace(const MatrixXd& q_mean, const MatrixXd& q_scale,
                              const MatrixXd& p_mean, const MatrixXd& p_scale);

namespace {

struct Laplace {
  double mean, scale;

  double log_density(double x) const { return -std::abs(x - mean) / scale - std::log(2 * scale); }
};

/// The average of f over q by Simpson's rule, in three pieces that meet at the kinks, q.mean and
/// `kink`.
double average(Laplace q, double kink, auto f) {
  const auto piece = [&](double from, double to) {
    const int steps = 4000;
    const double step = (to - from) / steps;
    double sum = 0;
    for (int i = 0; i <= steps; ++i) {
      const double x = from + i * step, weight = i % steps == 0 ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * std::exp(q.log_density(x)) * f(x);
    }
    return sum * step / 3;
  };
  const double left = std::min(q.mean, kink), right = std::max(q.mean, kink);
  return piece(left - 40 * q.scale, left) + piece(left, right) + piece(right, right + 40 * q.scale);
}

double kl_by_quadrature(Laplace q, Laplace p) {
  return average(q, p.mean, [&](double x) { return q.log_density(x) - p.log_density(x); });
}

void one_dimension(Laplace q, Laplace p) {
  const auto number = [](double x) { return MatrixXd::Constant(1, 1, x); };
  const double right = kl_by_quadrature(q, p);
  const double distance = average(q, p.mean, [&](double x) { return std::abs(x - p.mean); });
  const double step = (p.mean - q.mean) / q.scale;  // with its sign
  const auto with_distance = [&](double wrong) {
    return number(right + (wrong - distance) / p.scale);
  };
  std::ostringstream where;
  where << "q with mean " << q.mean << ", scale " << q.scale << "; p with mean " << p.mean
        << ", scale " << p.scale;
  // Tolerance: Simpson's rule is good to 1e-9 of the divergence and better.
  teacher::expect(
      where.str(), kl_laplace(number(q.mean), number(q.scale), number(p.mean), number(p.scale)),
      number(right), 1e-7 * (1 + right),
      {{number(kl_by_quadrature(p, q)), "That is KL(p || q): whose average is it?"},
       {number(right + std::log(q.scale / p.scale)),
        "Did the log(2 scale) of the two densities go missing? The scales differ."},
       {with_distance(q.scale * (1 + std::abs(step))),
        "E|x - p_mean| is less than the scale of q plus the distance of the means: some draws of q "
        "fall beyond p_mean, and some on the way to it."},
       {with_distance(q.scale * (step + std::exp(-step))),
        "Right while p lies on one side of q: a distance has no sign."},
       {with_distance(q.scale * (std::exp(step) - step)),
        "Right while p lies on one side of q: a distance has no sign."},
       {with_distance(q.scale * (1 + step * step / 2)),
        "The step is paid by its square, as between normals. What does a tent charge?"}});
}

}  // namespace

TEST_CASE("one dimension, one of the two differs") {
  one_dimension({0, 1}, {0, 1});
  one_dimension({0, 1}, {0, 2});
  one_dimension({0, 1}, {1, 1});
  one_dimension({0, 1}, {-1.5, 1});
}

TEST_CASE("one dimension, both differ") {
  one_dimension({0.5, 0.4}, {-1, 1.5});
  one_dimension({-1, 1.5}, {0.5, 0.4});
  one_dimension({0, 1}, {30, 1});
}

TEST_CASE("three dimensions, two samples") {
  MatrixXd q_mean(3, 2), q_scale(3, 2), p_mean(3, 2), p_scale(3, 2), right(1, 2);
  q_mean << 0.3, -1, 2, 0.1, 0, 0;
  q_scale << 1, 0.5, 2, 1.5, 0.8, 1;
  p_mean << 0, 1, 2, -0.4, 1, 0.2;
  p_scale << 0.7, 1, 1, 2, 0.8, 3;
  right.setZero();
  for (int c = 0; c < 2; ++c) {
    for (int r = 0; r < 3; ++r) {
      right(0, c) += kl_by_quadrature({q_mean(r, c), q_scale(r, c)}, {p_mean(r, c), p_scale(r, c)});
    }
  }
  teacher::expect("3 dimensions, 2 samples", kl_laplace(q_mean, q_scale, p_mean, p_scale), right,
                  1e-6,
                  {{right / 3, "Averaged over the dimensions: independent parts are paid in sum."},
                   {MatrixXd::Constant(1, 1, right.sum()),
                    "One number for all: the samples are to stay apart."}});
}
