#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;

MatrixXd softplus_path(const MatrixXd& dz, const MatrixXd& r, const MatrixXd& eps);

namespace {

/// f = sin z_0 + z_0 z_1 + z_1^3 / 3 at the draw that this noise makes, and its slope in z.
double f(const double* mean, const double* r, const double* eps, double* slope = nullptr) {
  double z[2];
  for (int i = 0; i < 2; ++i) z[i] = mean[i] + std::log1p(std::exp(r[i])) * eps[i];
  if (slope) slope[0] = std::cos(z[0]) + z[1], slope[1] = z[0] + z[1] * z[1];
  return std::sin(z[0]) + z[0] * z[1] + z[1] * z[1] * z[1] / 3;
}

/// A central difference; both sides see the same noise. `turned` counts the means first and then
/// the dials, as the rows of the result do.
double by_difference(const double* mean, const double* r, const double* eps, int turned) {
  const double h = 1e-5;
  double side[2];
  for (int s = 0; s < 2; ++s) {
    double at[4] = {mean[0], mean[1], r[0], r[1]};
    at[turned] += s == 0 ? h : -h;
    side[s] = f(at, at + 2, eps);
  }
  return (side[0] - side[1]) / (2 * h);
}

/// z = log(1 + e^r) eps and f = z, so that dz = 1: all there is to see is the slope of the scale.
void one_dimension(const std::string& where, double r, double eps) {
  const auto scale = [](double at) { return std::log1p(std::exp(at)); };
  const double h = 1e-5, slope = (scale(r + h) - scale(r - h)) / (2 * h);
  const auto answer = [&](double factor) {
    MatrixXd both(2, 1);
    both << 1, factor;
    return both;
  };
  const MatrixXd swapped = answer(slope * eps).colwise().reverse();
  // Tolerance: the difference quotient errs by h^2 and by rounding over h, about 1e-10 and 1e-11.
  teacher::expect(
      "f = z, " + where,
      softplus_path(MatrixXd::Constant(1, 1, 1), MatrixXd::Constant(1, 1, r),
                    MatrixXd::Constant(1, 1, eps)),
      answer(slope * eps), 1e-8,
      {{answer(std::exp(r / 2) / 2 * eps),
        "That is the slope of e^(r/2): is r a log-variance here?"},
       {answer(scale(r) * eps), "That is the softplus itself. What is its slope?"},
       {answer(eps), "The slope in the scale. And how fast does the scale follow r?"},
       {answer(slope), "Where has eps gone? A draw twice as far out moves twice as fast."},
       {swapped, "Is the order of the rows the asked one: the mean above, r below?"}});
}

}  // namespace

TEST_CASE("one dimension") {
  one_dimension("r 0, eps 1", 0, 1);
  one_dimension("r 1, eps 1", 1, 1);
  one_dimension("r 1, eps -0.7", 1, -0.7);
  one_dimension("r -2, eps 1.5", -2, 1.5);
}

TEST_CASE("two dimensions, three samples, a bent f") {
  const double mean[3][2] = {{0.3, -1}, {2, 0.5}, {0, 0}}, r[3][2] = {{0.4, -1}, {2, 0}, {-3, 1}};
  const double eps[3][2] = {{1, -0.5}, {-1.5, 0.3}, {0.2, 2}};
  MatrixXd dz(2, 3), dial(2, 3), noise(2, 3), right(4, 3);
  for (int c = 0; c < 3; ++c) {
    f(mean[c], r[c], eps[c], dz.col(c).data());
    for (int i = 0; i < 2; ++i) dial(i, c) = r[c][i], noise(i, c) = eps[c][i];
    for (int i = 0; i < 4; ++i) right(i, c) = by_difference(mean[c], r[c], eps[c], i);
  }
  // Tolerance: as above, with an f whose third derivatives are a few tens.
  teacher::expect("2 dimensions, 3 samples", softplus_path(dz, dial, noise), right, 1e-7);
}

TEST_CASE("far out") {
  MatrixXd dial(2, 1), right(4, 1);
  dial << 800, -800;
  const MatrixXd got =
      softplus_path(MatrixXd::Constant(2, 1, 3), dial, MatrixXd::Constant(2, 1, 0.5));
  teacher::expect_that("r = 800 and r = -800 give numbers", got.allFinite(),
                       "e^800 is infinite to a double: can the slope be written with e^-r?");
  right << 3, 3, 1.5, 0;  // there the softplus is r, and 0
  teacher::expect("r = 800 and r = -800", got, right, 1e-12);
}
