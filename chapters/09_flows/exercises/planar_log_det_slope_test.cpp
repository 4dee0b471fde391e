#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd, Eigen::VectorXd;

VectorXd planar_log_det_slope(const MatrixXd& z, const VectorXd& push, const VectorXd& w, double b);

namespace {

/// The determinant's sum with the two places where w stands told apart.
struct Sum {
  double logs = 0, dets = 0;
};
Sum sum(const MatrixXd& z, const VectorXd& push, const VectorXd& in_tanh, const VectorXd& along,
        double b) {
  Sum of;
  for (Eigen::Index i = 0; i < z.cols(); ++i) {
    double a = b, product = 0;
    for (Eigen::Index j = 0; j < z.rows(); ++j) {
      a += in_tanh(j) * z(j, i);
      product += along(j) * push(j);
    }
    const double det = 1 + product / (std::cosh(a) * std::cosh(a));
    of.logs += std::log(det), of.dets += det;
  }
  return of;
}

void check(const std::string& where, const MatrixXd& z, const VectorXd& push, const VectorXd& w,
           double b) {
  const double h = 1e-5;
  MatrixXd right(w.size(), 1), no_tanh(right), no_along(right), no_log(right);
  for (Eigen::Index j = 0; j < w.size(); ++j) {
    const VectorXd up = w + h * VectorXd::Unit(w.size(), j), down = 2 * w - up;
    right(j) = (sum(z, push, up, up, b).logs - sum(z, push, down, down, b).logs) / (2 * h);
    no_tanh(j) = (sum(z, push, w, up, b).logs - sum(z, push, w, down, b).logs) / (2 * h);
    no_along(j) = (sum(z, push, up, w, b).logs - sum(z, push, down, w, b).logs) / (2 * h);
    no_log(j) = (sum(z, push, up, up, b).dets - sum(z, push, down, down, b).dets) / (2 * h);
  }
  // Tolerance: the difference quotients' error.
  teacher::expect(where, MatrixXd(planar_log_det_slope(z, push, w, b)), right, 1e-7,
                  {{no_tanh, "One route is missing: w stands inside the tanh as well."},
                   {no_along, "One route is missing: does the inner product of w and push move?"},
                   {no_log,
                    "That is the slope of the determinant. Whose slope is asked for? The "
                    "logarithm of the determinant's."},
                   {right / static_cast<double>(z.cols()),
                    "Averaged over the samples. One gradient for all of them, and of the sum."}});
}

}  // namespace

TEST_CASE("one dimension, one sample") {
  const auto one = [](double v) { return VectorXd::Constant(1, v); };
  check("z 0, push 1, w 1, b 0: only one route is open", MatrixXd::Zero(1, 1), one(1), one(1), 0);
  check("z 0.5, push 0.8, w 1.2, b -0.1", MatrixXd::Constant(1, 1, 0.5), one(0.8), one(1.2), -0.1);
}

TEST_CASE("three dimensions") {
  MatrixXd z(3, 4);
  z << 0.2, -1, 0.5, 1.1, 0.1, 0.4, -0.3, 0, -0.6, 0.8, 2, -1;
  const VectorXd push = (VectorXd(3) << 0.7, -0.5, 0.3).finished();
  const VectorXd w = (VectorXd(3) << 0.4, -1.1, 0.9).finished();
  check("one sample", z.col(0), push, w, 0.2);
  check("four samples", z, push, w, 0.2);
  check("four samples, a layer that shrinks", z, -0.5 * push, w, -0.3);
}
