// Planar flows against plain loops, difference quotients of the map, and of a loss.
#include "elbo/planar_flow.hpp"
#include "elbo/quadrature.hpp"
#include "gradient_check.hpp"
#include "jacobian.hpp"

using namespace elbo;

namespace {

const Random numbers(71, Stream::play);

struct Planar {
  explicit Planar(Index d, Index layers) : flow(layout, "planar", d, layers) {
    parameters = 0.8 * numbers.normal<double>(layout.size(), 1);
  }
  Matrix<double> operator()(const Matrix<double>& z) const {
    RowVector<double> log_det;
    PlanarFlow::Memory<double> memory;
    return flow.forward(parameters, z, log_det, memory);
  }
  RowVector<double> log_det(const Matrix<double>& z) const {
    RowVector<double> result;
    PlanarFlow::Memory<double> memory;
    flow.forward(parameters, z, result, memory);
    return result;
  }

  Layout layout;
  PlanarFlow flow;
  Vector<double> parameters;
};

}  // namespace

TEST_CASE("a planar layer as the paper prints it", "[flow][eq:planar-flow]") {
  const Planar one(3, 1);
  const Vector<double>& p = one.parameters;  // u, w, b
  const Matrix<double> z = numbers.normal<double>(3, 7, 1000), y = one(z);
  double wu = 0, ww = 0;
  for (int i = 0; i < 3; ++i) wu += p(3 + i) * p(i), ww += p(3 + i) * p(3 + i);
  const double m = -1 + std::log(1 + std::exp(wu));
  for (Index n = 0; n < 7; ++n) {
    double a = p(6);
    for (int i = 0; i < 3; ++i) a += p(3 + i) * z(i, n);
    for (int i = 0; i < 3; ++i) {
      const double u = p(i) + (m - wu) * p(3 + i) / ww;
      CHECK_THAT(y(i, n), WithinAbs(z(i, n) + u * std::tanh(a), 1e-14));
    }
  }
}

TEST_CASE("log|det J| of planar layers is that of the difference quotients",
          "[flow][eq:planar-flow][eq:change-of-variables]") {
  const Index d = GENERATE(1, 2, 5), layers = GENERATE(1, 4);
  const Planar planar(d, layers);
  const Matrix<double> z = numbers.normal<double>(d, 6, 1000);
  const RowVector<double> log_det = planar.log_det(z);
  for (Index n = 0; n < z.cols(); ++n) {
    const Matrix<double> j = jacobian(planar, z.col(n));
    CHECK_THAT(log_det(n), WithinAbs(std::log(std::abs(j.determinant())), jacobian_error));
  }
}

TEST_CASE("a planar layer stays one to one however its u points", "[flow][eq:planar-flow]") {
  // On the line the map must rise everywhere; u = -10 w would turn it back without the bend.
  Planar line(1, 1);
  line.parameters = Vector<double>{{-10.0, 1.0, 0.3}};
  double last = -1e300;
  for (int i = -400; i <= 400; ++i) {
    const double y = line(Matrix<double>::Constant(1, 1, 0.01 * i))(0);
    CHECK(y > last);
    last = y;
  }
}

TEST_CASE("gradient of planar layers by finite differences", "[flow][eq:planar-flow-gradient]") {
  const Index d = GENERATE(2, 3), layers = GENERATE(1, 3);
  Planar planar(d, layers);
  const Matrix<double> z = numbers.normal<double>(d, 5, 1000),
                       dy = numbers.normal<double>(d, 5, 2000);
  const RowVector<double> dl = numbers.normal<double>(1, 5, 3000);
  const Vector<double> at = planar.parameters;
  const auto loss = [&](const Matrix<double>& input) {
    return weighted_sum(planar(input), dy) + weighted_sum(planar.log_det(input), dl);
  };

  // The gradient is ADDED: it starts at 1 and must end 1 too high.
  Vector<double> gradient = Vector<double>::Ones(at.size());
  RowVector<double> log_det;
  PlanarFlow::Memory<double> memory;
  planar.flow.forward(at, z, log_det, memory);
  const Matrix<double> dz = planar.flow.backward(at, memory, dy, dl, gradient);
  gradient.array() -= 1.0;
  check_gradient(
      [&](const Vector<double>& p) {
        planar.parameters = p;
        return loss(z);
      },
      at, gradient);
  planar.parameters = at;
  check_gradient([&](const Vector<double>& v) { return loss(v.reshaped(d, 5)); },
                 Vector<double>(z.reshaped()), Vector<double>(dz.reshaped()));
}

TEST_CASE("planar layers begin near the identity", "[flow][planar]") {
  Planar planar(2, 8);
  planar.flow.initialise(planar.parameters, Random(3, Stream::parameters));
  const Matrix<double> z = numbers.normal<double>(2, 50, 1000);
  CHECK(planar.log_det(z).cwiseAbs().maxCoeff() < 8 * 1.0);
  Layout layout;
  CHECK(contains(refusal([&] {
                   RowVector<double> log_det;
                   PlanarFlow::Memory<double> memory;
                   planar.flow.forward(planar.parameters, Matrix<double>(3, 4), log_det, memory);
                 }),
                 "wanted shape 2 x 4, found 3 x 4"));
}

TEST_CASE("KL over the noise is KL over the plane", "[flow][eq:flow-kl][eq:free-energy]") {
  // Two layers, undone by bisection; the target N(1, 1.5^2 I), whose -log Z is 0.
  Planar planar(2, 2);
  planar.parameters = Vector<double>{{0.8, -0.3, 1.1, 0.4, 0.2, -0.5, 0.9, -0.6, 1.2, -0.3}};
  const auto log_p = [](double x, double y) {
    return textbook::log_normal(x, 1, 1.5) + textbook::log_normal(y, 1, 1.5);
  };
  const auto log_q = [&](double x, double y) {
    double log_det = 0;
    for (int k = 1; k >= 0; --k) {
      const double* p = planar.parameters.data() + 5 * k;
      const double wu = p[0] * p[2] + p[1] * p[3], ww = p[2] * p[2] + p[3] * p[3];
      const double s = -1 + std::log(1 + std::exp(wu)), c = p[2] * x + p[3] * y + p[4];
      double low = c - 3, high = c + 3;
      for (int i = 0; i < 60; ++i) {
        const double a = 0.5 * (low + high);
        (a + s * std::tanh(a) < c ? low : high) = a;
      }
      const double h = std::tanh(low);
      log_det += std::log(1 + s * (1 - h * h));
      x -= (p[0] + (s - wu) / ww * p[2]) * h;
      y -= (p[1] + (s - wu) / ww * p[3]) * h;
    }
    return textbook::log_normal(x, 0, 1) + textbook::log_normal(y, 0, 1) - log_det;
  };
  const double over_plane = integrate2(
      [&](double x, double y) {
        const double q = log_q(x, y);
        return std::exp(q) * (q - log_p(x, y));
      },
      -8, 8, -8, 8, 200);
  const double over_noise = integrate2(
      [&](double a, double b) {
        Matrix<double> eps(2, 1);
        eps << a, b;
        const Matrix<double> z = planar(eps);
        const double p = textbook::log_normal(a, 0, 1) + textbook::log_normal(b, 0, 1);
        return std::exp(p) * (p - planar.log_det(eps)(0) - log_p(z(0), z(1)));
      },
      -8, 8, -8, 8, 200);
  CHECK(over_noise > 0);
  // Both rules are exponentially accurate here, 0.08 apart for bends no narrower than 1.
  CHECK_THAT(over_plane, WithinAbs(over_noise, 1e-9));
}
