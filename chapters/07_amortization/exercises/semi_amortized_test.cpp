#include <cmath>
#include <functional>
#include <vector>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Slope = std::function<VectorXd(const VectorXd& m)>;
using Curvature = std::function<MatrixXd(const VectorXd& m)>;

VectorXd semi_amortized(const Slope& slope, const Curvature& curvature, const VectorXd& start,
                        double step, int steps);

namespace {

/// A hill -|m - top|^2/2, bent by `bend`: round if it is 0.
struct Hill {
  VectorXd top;
  double bend;

  double height(const VectorXd& m) const {
    double sum = -0.5 * (m - top).squaredNorm();
    for (Eigen::Index j = 1; j < m.size(); ++j) sum -= bend * std::cos(m(j) - m(j - 1) * m(j - 1));
    return sum;
  }
  VectorXd slope(const VectorXd& m) const {
    VectorXd g = top - m;
    for (Eigen::Index j = 1; j < m.size(); ++j) {
      const double s = bend * std::sin(m(j) - m(j - 1) * m(j - 1));
      g(j) += s;
      g(j - 1) -= 2 * m(j - 1) * s;
    }
    return g;
  }
  MatrixXd curvature(const VectorXd& m) const {
    MatrixXd h = -MatrixXd::Identity(m.size(), m.size());
    for (Eigen::Index j = 1; j < m.size(); ++j) {
      const double angle = m(j) - m(j - 1) * m(j - 1);
      const double s = bend * std::sin(angle), c = bend * std::cos(angle), p = m(j - 1);
      h(j, j) += c;
      h(j, j - 1) -= 2 * p * c;
      h(j - 1, j) -= 2 * p * c;
      h(j - 1, j - 1) += 4 * p * p * c - 2 * s;
    }
    return h;
  }
  std::vector<VectorXd> climb(VectorXd m, double step, int steps) const {
    std::vector<VectorXd> path{m};
    for (int k = 0; k < steps; ++k) path.push_back(m += step * slope(m));
    return path;
  }
};

void compare(const std::string& where, const Hill& hill, const VectorXd& start, double step,
             int steps) {
  const Eigen::Index d = start.size();
  const std::vector<VectorXd> path = hill.climb(start, step, steps);
  const double tiny = 1e-5;
  VectorXd right(d);
  for (Eigen::Index j = 0; j < d; ++j) {
    const VectorXd aside = tiny * VectorXd::Unit(d, j);
    right(j) = (hill.height(hill.climb(start + aside, step, steps).back()) -
                hill.height(hill.climb(start - aside, step, steps).back())) /
               (2 * tiny);
  }
  // What the slips would say: the product over the path of I + sign step H, at places `at`.
  const auto product = [&](double sign, const auto& at) {
    VectorXd g = hill.slope(path.back());
    for (int i = 0; i < steps; ++i) g += sign * step * hill.curvature(path[at(i)]) * g;
    return MatrixXd(g);
  };
  const auto last = [&](int) { return steps; };
  const auto backwards = [&](int i) { return steps - 1 - i; };
  const auto forwards = [](int i) { return i; };
  const VectorXd got =
      semi_amortized([&](const VectorXd& m) { return hill.slope(m); },
                     [&](const VectorXd& m) { return hill.curvature(m); }, start, step, steps);
  // Tolerance: difference quotients, h^2 times a third derivative.
  teacher::expect(
      where, MatrixXd(got), MatrixXd(right), 1e-7,
      {{hill.slope(path.back()),
        "That is the slope where the climb ended. How far does its end move when its start does?"},
       {hill.slope(start),
        "That is the slope at the encoder's answer, as if nothing were refined after it."},
       {product(1, last), "The curvature is asked at the end alone: it differs from step to step."},
       {product(-1, backwards),
        "The climb goes up: what is the derivative of m + step * slope(m)?"},
       {product(1, forwards),
        "The right factors in the wrong order: which step is nearest to the loss?"}});
}

}  // namespace

TEST_CASE("a round hill") {
  const Hill round{Eigen::Vector2d(1, -2), 0};
  compare("no step at all", round, Eigen::Vector2d(0.3, 0), 0.1, 0);
  compare("one step on a round hill", round, Eigen::Vector2d(0.3, 0), 0.1, 1);
  compare("twenty steps on a round hill", round, Eigen::Vector2d(0.3, 0), 0.1, 20);
}

TEST_CASE("a bent hill") {
  const Hill bent{Eigen::Vector2d(1, -0.5), 0.8};
  compare("one step on a bent hill", bent, Eigen::Vector2d(0.4, 1), 0.3, 1);
  compare("three steps on a bent hill", bent, Eigen::Vector2d(0.4, 1), 0.3, 3);
  compare("five steps, four numbers", {Eigen::Vector4d(1, -0.5, 0.2, 0.8), 0.6},
          Eigen::Vector4d(-0.6, 0.9, 0.5, -0.7), 0.25, 5);
}
