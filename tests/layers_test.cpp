// Layers: values by plain loops, derivatives by finite differences.
#include "elbo/layers.hpp"

#include "check.hpp"
#include "gradient_check.hpp"

using namespace elbo;

namespace {

const Random numbers(21, Stream::play);

}  // namespace

TEST_CASE("linear layer", "[layers][eq:linear]") {
  Layout layout;
  layout.add("before", 3, 1);  // so that a forgotten offset shows
  const Linear linear = Linear::add(layout, "linear", 4, 2);
  CHECK(layout.size() == 3 + 2 * 4 + 2);
  const Vector<double> parameters = numbers.normal<double>(layout.size(), 1);
  const Matrix<double> x = numbers.normal<double>(4, 3, 100),
                       dy = numbers.normal<double>(2, 3, 200);

  // y_ri = sum_c W_rc x_ci + b_r, W column after column from entry 3 on, then b.
  Matrix<double> y, dx;
  linear.forward(parameters, x, y);
  REQUIRE((y.rows() == 2 && y.cols() == 3));
  for (Index i = 0; i < 3; ++i) {
    for (Index r = 0; r < 2; ++r) {
      double sum = parameters(3 + 8 + r);
      for (Index c = 0; c < 4; ++c) sum += parameters(3 + 2 * c + r) * x(c, i);
      CHECK_THAT(y(r, i), WithinAbs(sum, 1e-14));
    }
  }

  linear.backward(parameters, dy, dx);
  Vector<double> gradient = Vector<double>::Zero(layout.size());
  const LayerGradient<double> layer{linear, &x, &dy};
  layer.add_to(gradient);
  const Objective of_parameters = [&](const Vector<double>& at) {
    Matrix<double> out;
    linear.forward(at, x, out);
    return weighted_sum(out, dy);
  };
  check_gradient(of_parameters, parameters, gradient);
  const Objective of_x = [&](const Vector<double>& at) {
    Matrix<double> out;
    linear.forward(parameters, Matrix<double>(at.reshaped(4, 3)), out);
    return weighted_sum(out, dy);
  };
  check_gradient(of_x, x.reshaped(), dx.reshaped());

  // Some columns of dW, and db, by themselves: written over what was there, or added to it.
  Vector<double> part = Vector<double>::Constant(4, 7.0), whole = gradient.segment(3 + 2, 4);
  const Factors<double> factors = layer.weight(1, 2);
  multiply(factors.a, factors.b, part.data());
  CHECK(max_difference(part, whole) < 1e-14);
  Vector<double> bias = Vector<double>::Constant(2, 7.0);
  layer.bias(bias.data(), Sum::fresh);
  layer.bias(bias.data(), Sum::added);
  CHECK(max_difference(bias, 2.0 * gradient.tail(2)) < 1e-14);
}

TEST_CASE("activations", "[layers][eq:activation]") {
  const Matrix<double> x = 2.0 * numbers.normal<double>(3, 4, 300);
  const Matrix<double> dy = numbers.normal<double>(3, 4, 400);
  for (const Activation f : {Activation::relu, Activation::tanh}) {
    Matrix<double> y = x, dx = dy;
    activate(f, y);
    activate_backward(f, y, dx);
    for (Index i = 0; i < x.size(); ++i) {
      const double a = x.data()[i], b = dy.data()[i], t = std::tanh(a);
      const bool relu = f == Activation::relu;
      CHECK_THAT(y.data()[i], WithinAbs(relu ? std::max(a, 0.0) : t, 1e-14));
      CHECK_THAT(dx.data()[i], WithinAbs(relu ? (a > 0 ? b : 0.0) : b * (1 - t * t), 1e-13));
    }
  }
}

TEST_CASE("layers refuse wrong shapes", "[layers][shape]") {
  Layout layout;
  const Linear layer = Linear::add(layout, "linear", 4, 3);
  const Vector<double> parameters = Vector<double>::Zero(layout.size());
  const Matrix<double> x = Matrix<double>::Zero(4, 5), dy = Matrix<double>::Zero(3, 6);
  Matrix<double> y = Matrix<double>::Zero(3, 5), dx;
  const Matrix<double> wrong = Matrix<double>::Zero(2, 5);
  CHECK(contains(refusal([&] { layer.forward(parameters, wrong, y); }), "4 x 5, found 2 x 5"));
  Vector<double> gradient = parameters;
  CHECK(contains(refusal([&] { layer.backward(parameters, wrong, dx); }), "3 x 5, found 2 x 5"));
  const LayerGradient<double> unequal{layer, &x, &dy};
  CHECK(contains(refusal([&] { unequal.add_to(gradient); }), "3 x 5, found 3 x 6"));
  CHECK(contains(refusal([&] { activate_backward(Activation::relu, wrong, y); }),
                 "2 x 5, found 3 x 5"));
  CHECK(contains(refusal([&] { Mlp(layout, "net", {4}, Activation::relu); }), "two widths"));
}
