// Inverse autoregressive flow: its Jacobian's shape and determinant, its gradient, its way back.
#include "elbo/autoregressive_flow.hpp"
#include "gradient_check.hpp"
#include "jacobian.hpp"

using namespace elbo;

namespace {

const Random numbers(73, Stream::play);

struct Flow {
  Flow(const AutoregressiveFlowOptions& options, double size)
      : flow(layout, "flow", options), context(numbers.normal<double>(options.context, 1, 7000)) {
    parameters = size * numbers.normal<double>(layout.size(), 1);
  }
  Matrix<double> forward(const Matrix<double>& z, RowVector<double>& log_det) const {
    AutoregressiveFlow::Memory<double> memory;
    return flow.forward<double>(parameters, z, context.replicate(1, z.cols()), log_det, memory);
  }
  Matrix<double> operator()(const Matrix<double>& z) const {
    RowVector<double> log_det;
    return forward(z, log_det);
  }

  Layout layout;
  AutoregressiveFlow flow;
  Matrix<double> context;
  Vector<double> parameters;
};

}  // namespace

TEST_CASE(
    "one step: a triangle with the gates on its diagonal",
    "[flow][eq:inverse-autoregressive-flow][eq:change-of-variables][eq:triangular-determinant]") {
  const Index d = GENERATE(2, 6), context = GENERATE(0, 3);
  const Flow step({.dimension = d, .context = context, .hidden = {18}, .steps = 1}, 0.5);
  const Matrix<double> z = numbers.normal<double>(d, 1, 9000);
  RowVector<double> log_det;
  step.forward(z, log_det);
  const Matrix<double> j = jacobian(step, z);
  double diagonal = 0;
  for (Index i = 0; i < d; ++i) {
    for (Index k = i + 1; k < d; ++k) CHECK(j(i, k) == 0);
    for (Index k = 0; k < i; ++k) CHECK(std::abs(j(i, k)) > 1e-6);
    CHECK((j(i, i) > 0 && j(i, i) < 1));
    diagonal += std::log(j(i, i));
  }
  CHECK_THAT(log_det(0), WithinAbs(diagonal, jacobian_error));
}

TEST_CASE("log|det J| of several steps is that of the difference quotients",
          "[flow][eq:inverse-autoregressive-flow][eq:change-of-variables]") {
  const Index d = GENERATE(1, 2, 5), steps = GENERATE(0, 2, 3);
  const Flow flow({.dimension = d, .context = 2, .hidden = {12, 10}, .steps = steps}, 0.5);
  const Matrix<double> z = numbers.normal<double>(d, 4, 9000);
  RowVector<double> log_det;
  flow.forward(z, log_det);
  for (Index n = 0; n < z.cols(); ++n) {
    const Matrix<double> j = jacobian(flow, z.col(n));
    CHECK_THAT(log_det(n), WithinAbs(std::log(std::abs(j.determinant())), jacobian_error));
    // With the order turned in every other step, two of them let everyone know everyone.
    if (steps >= 2) CHECK((j.array().abs() > 1e-7).all());
  }
}

TEST_CASE("the way back", "[flow][eq:autoregressive-inverse]") {
  const Index d = GENERATE(1, 2, 6);
  const Flow flow({.dimension = d, .context = 2, .hidden = {14}, .steps = 3}, 0.5);
  const Matrix<double> z = numbers.normal<double>(d, 9, 9000), y = flow(z);
  const Matrix<double> again =
      flow.flow.inverse<double>(flow.parameters, y, flow.context.replicate(1, 9));
  // A gate near 0.01 magnifies roundings a hundredfold, and there are three steps.
  CHECK(max_difference(again, z) < 1e-9);
}

TEST_CASE("gradient of the flow by finite differences",
          "[flow][eq:inverse-autoregressive-flow-gradient]") {
  const Index d = 3, c = GENERATE(0, 2), n = 4, steps = GENERATE(1, 3);
  Flow flow({.dimension = d, .context = c, .hidden = {8}, .steps = steps}, 0.5);
  const Matrix<double> z = numbers.normal<double>(d, n, 9000),
                       h = numbers.normal<double>(c, n, 9500),
                       dy = numbers.normal<double>(d, n, 9600);
  const RowVector<double> dl = numbers.normal<double>(1, n, 9700);
  const auto loss = [&](const Vector<double>& p, const Matrix<double>& input,
                        const Matrix<double>& context) {
    RowVector<double> log_det;
    AutoregressiveFlow::Memory<double> memory;
    const Matrix<double> y = flow.flow.forward(p, input, context, log_det, memory);
    return weighted_sum(y, dy) + weighted_sum(log_det, dl);
  };
  const Vector<double> at = flow.parameters;
  RowVector<double> log_det;
  AutoregressiveFlow::Memory<double> memory;
  flow.flow.forward(at, z, h, log_det, memory);
  Matrix<double> dh;
  const Matrix<double> dz = flow.flow.backward(at, dy, dl, dh, memory);
  std::vector<LayerGradient<double>> layers;
  flow.flow.gradients(memory, layers);
  Vector<double> gradient = Vector<double>::Zero(at.size());
  for (const LayerGradient<double>& layer : layers) layer.add_to(gradient);

  check_gradient([&](const Vector<double>& p) { return loss(p, z, h); }, at, gradient);
  check_gradient([&](const Vector<double>& v) { return loss(at, v.reshaped(d, n), h); },
                 Vector<double>(z.reshaped()), Vector<double>(dz.reshaped()));
  REQUIRE((dh.rows() == c && dh.cols() == n));
  if (c > 0) {
    check_gradient([&](const Vector<double>& v) { return loss(at, z, v.reshaped(c, n)); },
                   Vector<double>(h.reshaped()), Vector<double>(dh.reshaped()));
  }
}

TEST_CASE("a flow begins near a plain shrinking", "[flow]") {
  Flow flow({.dimension = 4, .context = 2, .hidden = {16}, .steps = 2}, 1.0);
  flow.flow.initialise(flow.parameters, Random(5, Stream::parameters));
  const Matrix<double> z = numbers.normal<double>(4, 20, 9000);
  const double gate = 1 / (1 + std::exp(-2.0));
  CHECK(max_difference(flow(z), gate * gate * z) < 0.5);
}
