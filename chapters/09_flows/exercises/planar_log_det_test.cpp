#include <Eigen/LU>
#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd, Eigen::VectorXd;

Eigen::RowVectorXd planar_log_det(const MatrixXd& z, const VectorXd& push, const VectorXd& w,
                                  double b);

namespace {

VectorXd layer(const VectorXd& z, const VectorXd& push, const VectorXd& w, double b) {
  return z + push * std::tanh(w.dot(z) + b);
}

/// A Jacobian by difference quotients and an ordinary determinant: it knows nothing of rank one.
double by_quotients(const VectorXd& z, const VectorXd& push, const VectorXd& w, double b) {
  const double h = 1e-5;
  MatrixXd jacobian(z.size(), z.size());
  for (Eigen::Index j = 0; j < z.size(); ++j) {
    const VectorXd step = h * VectorXd::Unit(z.size(), j);
    jacobian.col(j) = (layer(z + step, push, w, b) - layer(z - step, push, w, b)) / (2 * h);
  }
  return std::log(std::abs(jacobian.determinant()));
}

void check(const std::string& where, const MatrixXd& z, const VectorXd& push, const VectorXd& w,
           double b) {
  MatrixXd right(1, z.cols()), value(right), not_squared(right), no_one(right);
  for (Eigen::Index i = 0; i < z.cols(); ++i) {
    right(i) = by_quotients(z.col(i), push, w, b);
    const double h = std::tanh(w.dot(z.col(i)) + b), along = w.dot(push);
    value(i) = std::log(std::abs(1 + h * along));
    not_squared(i) = std::log(std::abs(1 + (1 - h) * along));
    no_one(i) = std::log(std::abs((1 - h * h) * along));
  }
  // Tolerance: the difference quotients' error.
  teacher::expect(where, MatrixXd(planar_log_det(z, push, w, b)), right, 1e-7,
                  {{value, "The stretch depends on the slope of the tanh, not its value."},
                   {not_squared, "The slope of tanh(a) is 1 - tanh(a), squared where?"},
                   {no_one, "f(z) begins with z itself: its Jacobian has an identity in it."},
                   {-right,
                    "log |det| of the layer, not of its inverse: it is positive where the layer "
                    "stretches, as much as it stretches."}});
}

}  // namespace

TEST_CASE("one dimension: the logarithm of a slope") {
  const auto one = [](double v) { return VectorXd::Constant(1, v); };
  check("push 0.5, w 1, b 0 at z = 0", MatrixXd::Zero(1, 1), one(0.5), one(1), 0);
  check("push 1, w 2, b 0.5 at z = 0.3", MatrixXd::Constant(1, 1, 0.3), one(1), one(2), 0.5);
  check("push -0.4, w 2 (it shrinks) at z = 0.3", MatrixXd::Constant(1, 1, 0.3), one(-0.4), one(2),
        0.5);
}

TEST_CASE("three dimensions, several samples") {
  MatrixXd z(3, 3);
  z << 0.2, -1, 0.5, 0.1, 0.4, -0.3, -0.6, 0.8, 2;
  const VectorXd push = (VectorXd(3) << 0.7, -0.5, 0.3).finished();
  const VectorXd w = (VectorXd(3) << 0.4, -1.1, 0.9).finished();
  check("three samples", z, push, w, 0.2);
  check("w at right angles to push: nothing is stretched", z, push,
        (VectorXd(3) << 0.5, 0.7, 0).finished(), 0.2);
}
