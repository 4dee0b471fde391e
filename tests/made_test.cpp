// Masked layers and MADE: plain loops, and who may know whom by moving one input at a time.
#include "elbo/made.hpp"
#include "gradient_check.hpp"
#include "jacobian.hpp"

using namespace elbo;

namespace {

const Random numbers(72, Stream::play);

// The gradients of all layers as one vector.
template <class Layers>
Vector<double> gathered(const Layers& layers, Index size) {
  Vector<double> gradient = Vector<double>::Zero(size);
  for (const LayerGradient<double>& layer : layers) layer.add_to(gradient);
  return gradient;
}

}  // namespace

TEST_CASE("a masked layer is a linear layer without some weights", "[made][eq:masked-linear]") {
  const bool strictly = GENERATE(false, true);
  const std::vector<Index> in = {1, 2, 3, 0}, out = {2, 1, 3, 2, 0};
  Layout layout;
  const MaskedLinear layer = MaskedLinear::add(layout, "masked", in, out, strictly);
  const Vector<double> p = numbers.normal<double>(layout.size(), 1);
  const Matrix<double> x = numbers.normal<double>(4, 3, 100);
  Matrix<double> y;
  layer.forward(p, x, y);
  for (Index n = 0; n < 3; ++n) {
    for (Index i = 0; i < 5; ++i) {
      double sum = p(20 + i);
      for (Index j = 0; j < 4; ++j) {
        const Index a = in[static_cast<std::size_t>(j)], b = out[static_cast<std::size_t>(i)];
        if (strictly ? a < b : a <= b) sum += p(5 * j + i) * x(j, n);
      }
      CHECK_THAT(y(i, n), WithinAbs(sum, 1e-14));
    }
  }
}

TEST_CASE("gradient of a masked layer by finite differences", "[made][eq:masked-linear]") {
  Layout layout;
  const MaskedLinear layer = MaskedLinear::add(layout, "masked", {1, 2, 3}, {2, 1, 3, 2}, true);
  const Vector<double> p = numbers.normal<double>(layout.size(), 1);
  const Matrix<double> x = numbers.normal<double>(3, 5, 100),
                       dy = numbers.normal<double>(4, 5, 200);
  const auto loss = [&](const Vector<double>& at, const Matrix<double>& input) {
    Matrix<double> y;
    layer.forward(at, input, y);
    return weighted_sum(y, dy);
  };
  Vector<double> gradient = Vector<double>::Ones(p.size());
  LayerGradient<double>{layer.linear, &x, &dy, &layer.mask}.add_to(gradient);
  gradient.array() -= 1.0;
  check_gradient([&](const Vector<double>& at) { return loss(at, x); }, p, gradient);
  Matrix<double> dx;
  layer.backward(p, dy, dx);
  check_gradient([&](const Vector<double>& v) { return loss(p, v.reshaped(3, 5)); },
                 Vector<double>(x.reshaped()), Vector<double>(dx.reshaped()));
}

TEST_CASE("an answer of MADE knows the inputs before it and no others", "[made][eq:made-order]") {
  const Index d = GENERATE(1, 2, 5), context = GENERATE(0, 3);
  const bool reversed = GENERATE(false, true);
  const auto hidden = GENERATE(std::vector<Index>{24}, std::vector<Index>{16, 20});
  Layout layout;
  const Made made(
      layout, "made",
      {.dimension = d, .context = context, .hidden = hidden, .answers = 2, .reversed = reversed});
  const Vector<double> p = numbers.normal<double>(layout.size(), 1);
  const auto answers = [&](const Matrix<double>& x) {
    std::vector<Matrix<double>> outputs;
    made.forward(p, x, outputs);
    return outputs.back();
  };
  const Matrix<double> j = jacobian(answers, numbers.normal<double>(d + context, 1, 9000));
  REQUIRE(j.rows() == 2 * d);
  for (Index row = 0; row < 2 * d; ++row) {
    const Index i = row % d;
    for (Index k = 0; k < d; ++k) {
      const bool before = reversed ? k > i : k < i;
      INFO("answer " << i << ", input " << k);
      // What is missing is missing to the last bit; what is there is felt.
      if (before) CHECK(std::abs(j(row, k)) > 1e-6);
      if (!before) CHECK(j(row, k) == 0);
    }
    for (Index c = d; c < d + context; ++c) CHECK(std::abs(j(row, c)) > 1e-6);
  }
}

TEST_CASE("gradient of MADE by finite differences", "[made][eq:made-order]") {
  Layout layout;
  const Made made(layout, "made", {.dimension = 3, .context = 2, .hidden = {7, 6}, .answers = 2});
  const Vector<double> p = numbers.normal<double>(layout.size(), 1);
  const Matrix<double> x = numbers.normal<double>(5, 4, 1000),
                       dy = numbers.normal<double>(6, 4, 2000);
  const auto loss = [&](const Vector<double>& at, const Matrix<double>& input) {
    std::vector<Matrix<double>> outputs;
    made.forward(at, input, outputs);
    return weighted_sum(outputs.back(), dy);
  };
  std::vector<Matrix<double>> outputs;
  made.forward(p, x, outputs);
  std::vector<Matrix<double>> errors(outputs.size());
  errors.back() = dy;
  Matrix<double> dx;
  made.backward(p, outputs, errors, dx);
  std::vector<LayerGradient<double>> layers;
  made.gradients(x, outputs, errors, layers);
  check_gradient([&](const Vector<double>& at) { return loss(at, x); }, p,
                 gathered(layers, p.size()));
  check_gradient([&](const Vector<double>& v) { return loss(p, v.reshaped(5, 4)); },
                 Vector<double>(x.reshaped()), Vector<double>(dx.reshaped()));
}

TEST_CASE("MADE refuses what has no order", "[made]") {
  Layout layout;
  CHECK(contains(refusal([&] { Made(layout, "made", {.dimension = 2, .hidden = {}}); }), "wanted"));
  CHECK(contains(refusal([&] { Made(layout, "made", {.dimension = 0}); }), "wanted"));
}
