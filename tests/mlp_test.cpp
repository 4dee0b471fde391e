// Multilayer perceptrons: values by plain loops, derivatives by finite differences.
#include "check.hpp"
#include "elbo/layers.hpp"
#include "gradient_check.hpp"

using namespace elbo;

namespace {

const Random numbers(22, Stream::play);

// One network, its parameters, a batch, and what dloss/dy is to be.
struct Problem {
  Layout layout;
  Mlp mlp;
  Vector<double> parameters;
  Matrix<double> x, dy;

  Problem(const std::vector<Index>& widths, Activation f, Index n)
      : mlp(layout, "net", widths, f),
        parameters(0.8 * numbers.normal<double>(layout.size(), 1)),
        x(numbers.normal<double>(widths.front(), n, 1000)),
        dy(numbers.normal<double>(widths.back(), n, 2000)) {}

  std::vector<Matrix<double>> outputs(const Vector<double>& at,
                                      const Matrix<double>& inputs) const {
    std::vector<Matrix<double>> result;
    mlp.forward(at, inputs, result);
    return result;
  }
  double loss(const Vector<double>& at, const Matrix<double>& inputs) const {
    return weighted_sum(outputs(at, inputs).back(), dy);
  }
};

// The network once more by plain loops. `kink`: the smallest |input| of any activation.
Matrix<double> naive(const Problem& p, Activation f, double& kink) {
  Matrix<double> y = p.x;
  kink = 1e300;
  for (std::size_t l = 0; l < p.mlp.layers().size(); ++l) {
    const Linear& layer = p.mlp.layers()[l];
    Matrix<double> next(layer.weight.rows, y.cols());
    for (Index i = 0; i < next.cols(); ++i) {
      for (Index r = 0; r < next.rows(); ++r) {
        double sum = p.parameters(layer.bias.offset + r);
        for (Index c = 0; c < y.rows(); ++c) {
          sum += p.parameters(layer.weight.offset + c * next.rows() + r) * y(c, i);
        }
        if (l + 1 < p.mlp.layers().size()) {
          kink = std::min(kink, std::abs(sum));
          sum = f == Activation::tanh ? std::tanh(sum) : (sum > 0 ? sum : 0);
        }
        next(r, i) = sum;
      }
    }
    y = next;
  }
  return y;
}

}  // namespace

TEST_CASE("multilayer perceptron", "[layers][eq:linear][eq:activation]") {
  const auto f = GENERATE(Activation::relu, Activation::tanh);
  const auto widths = GENERATE(std::vector<Index>{4, 3}, std::vector<Index>{4, 6, 3},
                               std::vector<Index>{4, 6, 5, 3});
  const Problem p(widths, f, 5);
  INFO("layers " << widths.size() - 1 << (f == Activation::relu ? " relu" : " tanh"));
  double kink = 0;
  const Matrix<double> expected = naive(p, f, kink);
  std::vector<Matrix<double>> outputs = p.outputs(p.parameters, p.x);
  CHECK(max_difference(outputs.back(), expected) < 1e-13);
  // Finite differences step 6e-6 aside: no unit may change sides on the way.
  REQUIRE((f == Activation::tanh || kink > 1e-3));

  std::vector<Matrix<double>> errors(outputs.size());
  errors.back() = p.dy;
  Matrix<double> dx;
  p.mlp.backward(p.parameters, outputs, errors, &dx);
  std::vector<LayerGradient<double>> layers;
  p.mlp.gradients(p.x, outputs, errors, layers);
  REQUIRE(layers.size() == p.mlp.layers().size());
  // It ADDS: the gradient starts at 1 and must end 1 too high.
  Vector<double> gradient = Vector<double>::Ones(p.parameters.size());
  for (const LayerGradient<double>& layer : layers) layer.add_to(gradient);
  gradient.array() -= 1.0;
  check_gradient([&](const Vector<double>& at) { return p.loss(at, p.x); }, p.parameters, gradient);
  const Objective of_x = [&](const Vector<double>& at) {
    return p.loss(p.parameters, Matrix<double>(at.reshaped(4, 5)));
  };
  check_gradient(of_x, p.x.reshaped(), dx.reshaped());

  // Without dx, and with memory left from before: the same errors.
  std::vector<Matrix<double>> again = errors;
  p.mlp.backward<double>(p.parameters, outputs, again, nullptr);
  for (std::size_t l = 0; l < errors.size(); ++l) CHECK(again[l] == errors[l]);
}

TEST_CASE("initial weights", "[layers]") {
  Layout layout;
  const Mlp mlp(layout, "net", {40, 30, 20}, Activation::tanh);
  Vector<float> a = Vector<float>::Ones(layout.size()), b = a, c = a;
  mlp.initialise(a, Random(1, Stream::parameters));
  mlp.initialise(b, Random(1, Stream::parameters));
  mlp.initialise(c, Random(2, Stream::parameters));
  CHECK(a == b);
  CHECK(a != c);
  for (const Linear& layer : mlp.layers()) {
    const double bound =
        std::sqrt(6.0 / static_cast<double>(layer.weight.rows + layer.weight.cols));
    MonteCarlo mean, square;
    double largest = 0;
    for (Index i = 0; i < layer.weight.size(); ++i) {
      const double w = static_cast<double>(a(layer.weight.offset + i));
      mean.add(w);
      square.add(w * w);
      largest = std::max(largest, std::abs(w));
    }
    // Uniform in +-bound: mean 0, variance bound^2 / 3, and in 600 draws one near the border.
    CHECK((mean.distance(0) < sigmas && square.distance(bound * bound / 3) < sigmas));
    CHECK((largest <= bound * 1.000001 && largest > 0.98 * bound));
    for (Index r = 0; r < layer.bias.size(); ++r) CHECK(a(layer.bias.offset + r) == 0.0F);
  }
  // Two layers of one shape do not start with the same numbers.
  Layout square_layout;
  const Mlp square(square_layout, "net", {6, 6, 6}, Activation::tanh);
  Vector<double> s = Vector<double>::Zero(square_layout.size());
  square.initialise(s, Random(1, Stream::parameters));
  CHECK(s(0) != s(square.layers()[1].weight.offset));
}
