#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;

VectorXd calm_gradient(const VectorXd& mean, double scale, const MatrixXd& eps);

namespace {

/// The mean of the estimate over all sets of `draws` numbers from N(0, 1), in one dimension. Three
/// nodes with weights 1/6, 2/3, 1/6 stand for each: exact for polynomials of degree up to five
/// (Gauss-Hermite), and in each of the draws the estimate has degree three.
double on_average(double mean, double scale, int draws) {
  const double node[3] = {-std::sqrt(3), 0, std::sqrt(3)}, weight[3] = {1. / 6, 2. / 3, 1. / 6};
  const int sets = static_cast<int>(std::lround(std::pow(3, draws)));
  double sum = 0;
  for (int set = 0; set < sets; ++set) {
    MatrixXd eps(1, draws);
    double share = 1;
    for (int i = 0, rest = set; i < draws; ++i, rest /= 3) {
      eps(i) = node[rest % 3];
      share *= weight[rest % 3];
    }
    const VectorXd got = calm_gradient(VectorXd::Constant(1, mean), scale, eps);
    sum += share * (got.size() == 1 ? got(0) : NAN);
  }
  return sum;
}

/// Tolerance: rounding, of numbers about 10.
void right_on_average(const std::string& where, double mean, double scale, int draws) {
  const double truth = 2 * mean, n = draws;
  teacher::expect(
      where + ", averaged over all steps", on_average(mean, scale, draws), truth, 1e-11,
      {{truth * (n - 1) / n, "Too short by 1/n. Does a draw have a say in what it is measured by?"},
       {truth * 2 * (n - 1) / n, "Doubled: that helps two draws a step. And three?"},
       {-truth, "Is a draw that was better than usual blamed for it?"}});
}

}  // namespace

TEST_CASE("right on average") {
  right_on_average("mean 1, scale 1, 2 draws a step", 1, 1, 2);
  right_on_average("mean 0.5, scale 0.8, 2 draws a step", 0.5, 0.8, 2);
  right_on_average("mean 0.5, scale 0.8, 3 draws a step", 0.5, 0.8, 3);
  right_on_average("mean -2, scale 0.5, 5 draws a step", -2, 0.5, 5);
}

TEST_CASE("one step, draw by draw") {
  MatrixXd eps(3, 4);
  eps << 0.2, -1, 0.7, 1.4, 1.1, 0.3, -0.6, -0.1, -0.4, 0.9, 0.5, -1.3;
  const VectorXd mean{{3, -2, 1}};
  const double scale = 0.5;
  double f[4] = {0, 0, 0, 0};
  for (int i = 0; i < 4; ++i) {
    for (int r = 0; r < 3; ++r) f[i] += std::pow(mean(r) + scale * eps(r, i), 2);
  }
  // The answer with any baseline b_i: the mean of (f_i - b_i) eps_i / scale.
  const auto with = [&](auto baseline) {
    MatrixXd gradient = MatrixXd::Zero(3, 1);
    for (int i = 0; i < 4; ++i) {
      for (int r = 0; r < 3; ++r) gradient(r) += (f[i] - baseline(i)) * eps(r, i) / scale / 4;
    }
    return gradient;
  };
  const auto mean_of_others = [&](int i) {
    double sum = 0;
    for (int j = 0; j < 4; ++j) sum += j == i ? 0 : f[j];
    return sum / 3;
  };
  // Tolerance: rounding, of numbers about 100.
  teacher::expect(
      "3 dimensions, 4 draws", MatrixXd(calm_gradient(mean, scale, eps)), with(mean_of_others),
      1e-11,
      {{with([](int) { return 0.0; }), "No baseline: right on average, and as noisy as ever."},
       {with([&](int i) { return mean_of_others(i) * 3 / 4; }),
        "The others are one fewer than all: divided by how many?"},
       {with([&](int i) { return f[i == 0 ? 1 : 0]; }),
        "Right on average, but one other draw is a noisy judge: ask them all."}});
}

TEST_CASE("as the question says", "[.told]") {
  const double mean = 3, scale = 1;
  // Tolerance: rounding, of numbers about 10.
  teacher::expect("two draws a step: not 2 mean but mean", on_average(mean, scale, 2), mean, 1e-11);
  teacher::told("1.8", on_average(mean, scale, 10) / mean);
}
