#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::RowVectorXd;
using Target = std::function<RowVectorXd(const MatrixXd& z, MatrixXd& slope)>;

MatrixXd leapfrog_coin(const Target& target, double step, int steps, MatrixXd z, MatrixXd momentum,
                       const RowVectorXd& u);

namespace {

/// Independent normal codes, row r of scale `scale(r)`.
Target normal(const Eigen::VectorXd& scale) {
  return [scale](const MatrixXd& z, MatrixXd& slope) {
    slope = -(scale.array().square().inverse().matrix().asDiagonal() * z);
    return RowVectorXd(0.5 * z.cwiseProduct(slope).colwise().sum());
  };
}

struct Draws {
  std::mt19937_64 bits;

  double uniform() { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; }
  MatrixXd normal(Eigen::Index rows, Eigen::Index columns) {
    return MatrixXd::NullaryExpr(rows, columns, [this] {
      const double radius = std::sqrt(-2 * std::log(uniform()));
      return radius * std::cos(2 * std::numbers::pi * uniform());
    });
  }
  RowVectorXd coins(Eigen::Index n) {
    return RowVectorXd::NullaryExpr(n, [this] { return uniform(); });
  }
};

/// Where a path on normals ends, from the closed form of eq:leapfrog (a turn on an ellipse), and
/// what each way to throw the coin makes of it.
struct Path {
  MatrixXd z, momentum;
};
Path turned(const Path& start, const Eigen::VectorXd& scale, double step, int steps) {
  Path end = start;
  for (Eigen::Index r = 0; r < scale.size(); ++r) {
    const double share = step * step / (2 * scale(r) * scale(r));
    const double angle = steps * std::acos(1 - share), wide = scale(r) / std::sqrt(1 - share / 2);
    const double c = std::cos(angle), s = std::sin(angle);
    end.z.row(r) = c * start.z.row(r) + wide * s * start.momentum.row(r);
    end.momentum.row(r) = c * start.momentum.row(r) - s / wide * start.z.row(r);
  }
  return end;
}

MatrixXd chosen(const MatrixXd& from, const MatrixXd& to, const auto& taken) {
  MatrixXd result = from;
  for (Eigen::Index c = 0; c < from.cols(); ++c) {
    if (taken(c)) result.col(c) = to.col(c);
  }
  return result;
}

void one_move(const std::string& where, const Eigen::VectorXd& scale, double step, int steps,
              Eigen::Index chains, unsigned seed) {
  Draws draws{std::mt19937_64(seed)};
  const Path start{scale.asDiagonal() * draws.normal(scale.size(), chains),
                   draws.normal(scale.size(), chains)};
  const RowVectorXd u = draws.coins(chains);
  const Path end = turned(start, scale, step, steps);
  MatrixXd unused;
  const RowVectorXd gain = normal(scale)(end.z, unused) - normal(scale)(start.z, unused);
  const RowVectorXd slowed =
      0.5 * (start.momentum.colwise().squaredNorm() - end.momentum.colwise().squaredNorm());
  MatrixXd whole_push = end.momentum;  // the momentum with the last half push left out
  whole_push += 0.5 * step * scale.array().square().inverse().matrix().asDiagonal() * end.z;
  const RowVectorXd early =
      0.5 * (start.momentum.colwise().squaredNorm() - whole_push.colwise().squaredNorm());
  const auto rule = [&](const auto& fall) {
    return chosen(start.z, end.z, [&](Eigen::Index c) { return u(c) < std::exp(fall(c)); });
  };
  // Tolerance: the path and its closed form differ by rounding alone.
  teacher::expect(
      where, leapfrog_coin(normal(scale), step, steps, start.z, start.momentum, u),
      rule([&](Eigen::Index c) { return gain(c) + slowed(c); }), 1e-9,
      {{rule([&](Eigen::Index c) { return gain(c); }),
        "These are the moves of a coin that looks at log p(x, z) alone. Where has the momentum "
        "gone?"},
       {rule([&](Eigen::Index c) { return -gain(c) - slowed(c); }),
        "Moves to a higher energy are always taken, moves to a lower one seldom. Which is the "
        "surprise?"},
       {end.z, "Every move is taken. Then the chain settles on eq:uncorrected-variance."},
       {rule([&](Eigen::Index c) { return gain(c) + 2 * slowed(c); }),
        "The momentum weighs twice in the energy: what is minus the logarithm of N(0, I)?"},
       {rule([&](Eigen::Index c) { return gain(c) + early(c); }),
        "The energy after is taken before the path's last half push: z and momentum are half a "
        "step apart."},
       {rule([&](Eigen::Index c) { return gain(c) + slowed(c) < 0 ? -INFINITY : 0; }),
        "No move to a higher energy is ever taken. What is u for?"}});
}

/// 4000 chains on one code of variance 1, which begin where they should stay.
struct Chains {
  Draws draws{std::mt19937_64(4)};
  MatrixXd z = draws.normal(1, 4000);

  double variance() const { return z.array().square().mean(); }
  void move(double step) {
    const MatrixXd momentum = draws.normal(1, z.cols());
    z = leapfrog_coin(normal(Eigen::VectorXd::Constant(1, 1)), step, 3, z, momentum,
                      draws.coins(z.cols()));
  }
};

/// Where the chains settle: after 200 moves the start is forgotten, and 400 more average chance
/// away to some 0.002.
double settled_variance(double step) {
  Chains chains;
  double sum = 0;
  for (int move = 0; move < 600; ++move) {
    chains.move(step);
    if (move >= 200) sum += chains.variance() / 400;
  }
  return sum;
}

}  // namespace

TEST_CASE("one move") {
  one_move("one code of scale 1, small steps", Eigen::VectorXd::Constant(1, 1), 0.1, 3, 20, 1);
  one_move("one code of scale 1, three steps of 1.2", Eigen::VectorXd::Constant(1, 1), 1.2, 3, 40,
           2);
  one_move("two codes of scales 1 and 1/2, two steps of 0.7", Eigen::Vector2d(1, 0.5), 0.7, 2, 40,
           3);
}

TEST_CASE("a path that leaves the numbers") {
  const MatrixXd start = MatrixXd::Ones(1, 1);
  const MatrixXd stays = leapfrog_coin(normal(Eigen::VectorXd::Constant(1, 1e-3)), 1, 60, start,
                                       start, RowVectorXd::Constant(1, 1e-300));
  teacher::expect("steps a thousand times too large: the path ends at infinity", stays, start, 0);
}

TEST_CASE("many moves") {
  Chains chains;
  for (int move = 0; move < 20; ++move) chains.move(1.2);
  // Tolerance: four standard errors of a variance, sqrt(2 / n), of independent chains.
  teacher::expect("the variance of 4000 chains after twenty moves of three steps of 1.2",
                  chains.variance(), 1, 4 * std::sqrt(2.0 / 4000));
}

TEST_CASE("as the question says", "[.told]") {
  teacher::told("0.61", settled_variance(1.2));
  teacher::told("0.50", settled_variance(0.1));
}
