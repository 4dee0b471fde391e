#include <Eigen/LU>
#include <cmath>
#include <numbers>

#include "teacher.hpp"

using Eigen::MatrixXd, Eigen::RowVectorXd, Eigen::VectorXd;

RowVectorXd density_through_layers(const MatrixXd& eps, const MatrixXd& push, const MatrixXd& w,
                                   const RowVectorXd& b);

namespace {

struct Layers {
  MatrixXd push, w;
  RowVectorXd b;
};

VectorXd out(VectorXd z, const Layers& f) {
  for (Eigen::Index k = 0; k < f.b.size(); ++k) {
    z += f.push.col(k) * std::tanh(f.w.col(k).dot(z) + f.b(k));
  }
  return z;
}

/// log p(eps) less the logarithm of the whole flow's determinant, by difference quotients.
double by_quotients(const VectorXd& eps, const Layers& f) {
  const double h = 1e-5, d = static_cast<double>(eps.size());
  MatrixXd jacobian(eps.size(), eps.size());
  for (Eigen::Index j = 0; j < eps.size(); ++j) {
    const VectorXd step = h * VectorXd::Unit(eps.size(), j);
    jacobian.col(j) = (out(eps + step, f) - out(eps - step, f)) / (2 * h);
  }
  return -0.5 * eps.squaredNorm() - 0.5 * d * std::log(2 * std::numbers::pi) -
         std::log(std::abs(jacobian.determinant()));
}

/// The same with the slope of each tanh taken at another place: where a layer's output is, or eps.
double taken_at(const VectorXd& eps, const Layers& f, bool output) {
  double log_q = by_quotients(eps, {f.push, f.w, RowVectorXd(0)});
  VectorXd z = eps;
  for (Eigen::Index k = 0; k < f.b.size(); ++k) {
    z += f.push.col(k) * std::tanh(f.w.col(k).dot(z) + f.b(k));
    const double a = f.w.col(k).dot(output ? z : eps) + f.b(k);
    log_q -= std::log(1 + f.w.col(k).dot(f.push.col(k)) / (std::cosh(a) * std::cosh(a)));
  }
  return log_q;
}

void check(const std::string& where, const MatrixXd& eps, const Layers& f) {
  MatrixXd right(1, eps.cols()), denser(right), at_output(right), at_noise(right);
  for (Eigen::Index i = 0; i < eps.cols(); ++i) {
    right(i) = by_quotients(eps.col(i), f);
    denser(i) = 2 * by_quotients(eps.col(i), {f.push, f.w, RowVectorXd(0)}) - right(i);
    at_output(i) = taken_at(eps.col(i), f, true);
    at_noise(i) = taken_at(eps.col(i), f, false);
  }
  // Tolerance: the difference quotients' error.
  teacher::expect(
      where, MatrixXd(density_through_layers(eps, f.push, f.w, f.b)), right, 1e-7,
      {{at_output, "Where is the slope of the tanh taken: before the push or after it?"},
       {denser, "Where space is stretched, is a density thinned or made denser?"},
       {at_noise,
        "The first layer is right. The second sees what the layer before it "
        "has left, not the noise."}});
}

}  // namespace

TEST_CASE("one dimension") {
  const auto one = [](double v) { return MatrixXd::Constant(1, 1, v); };
  MatrixXd eps(1, 3), two(1, 2);
  eps << -1, 0.2, 0.8;
  check("a layer that pushes nothing", eps, {one(0), one(1), one(0)});
  check("one layer", eps, {one(0.9), one(1.5), one(0.2)});
  check("one layer that shrinks", eps, {one(-0.5), one(1.5), one(0.2)});
  two << 0.9, -0.3;
  check("two layers", eps, {two, MatrixXd::Constant(1, 2, 1.5), MatrixXd::Constant(1, 2, 0.2)});
}

TEST_CASE("the plane, three layers") {
  MatrixXd eps(2, 2), push(2, 3), w(2, 3);
  eps << 0.3, -1.2, -0.4, 0.5;
  push << 0.8, -0.2, 0.5, 0.3, 0.6, 1;
  w << 1, 0.5, -0.4, 0.2, 1.5, 0.9;
  check("two samples", eps, {push, w, (RowVectorXd(3) << 0.1, -0.5, 0.3).finished()});
}

TEST_CASE("it adds up to one") {
  // Over the line, a sum of q(z) dz: the nodes are those of the noise, carried along.
  const Layers f{MatrixXd::Constant(1, 2, 1.1), MatrixXd::Constant(1, 2, 1.3),
                 (RowVectorXd(2) << 0.4, -0.6).finished()};
  const RowVectorXd eps = RowVectorXd::LinSpaced(8001, -8, 8);
  const RowVectorXd log_q = density_through_layers(eps, f.push, f.w, f.b);
  double mass = 0;
  for (Eigen::Index i = 1; i + 1 < eps.size(); ++i) {
    mass += std::exp(log_q(i)) * (out(eps.col(i + 1), f)(0) - out(eps.col(i - 1), f)(0)) / 2;
  }
  teacher::expect("the mass of two layers' density", mass, 1, 1e-5);
}
