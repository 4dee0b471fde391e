// Adam: the paper's algorithm written out, and PyTorch's.
#include "elbo/adam.hpp"

#include "check.hpp"
#include "elbo/random.hpp"
#include "reference/torch.inc"

using namespace elbo;

namespace {

// Algorithm 1 of Kingma and Ba for one parameter, line by line.
struct NaiveAdam {
  AdamOptions options;
  double theta, m = 0, v = 0;
  int t = 0;

  void step(double g) {
    t += 1;
    m = options.beta1 * m + (1 - options.beta1) * g;
    v = options.beta2 * v + (1 - options.beta2) * g * g;
    const double m_hat = m / (1 - std::pow(options.beta1, t));
    const double v_hat = v / (1 - std::pow(options.beta2, t));
    theta -= options.learning_rate * m_hat / (std::sqrt(v_hat) + options.epsilon);
  }
};

}  // namespace

TEST_CASE("Adam is the paper's algorithm", "[adam][eq:adam]") {
  const AdamOptions options{.learning_rate = 0.03, .beta1 = 0.7, .beta2 = 0.9, .epsilon = 0.01};
  const Random random(81, Stream::play);
  const Index size = 6;
  Vector<double> theta = random.normal<double>(size, 1), parts = theta;
  std::vector<NaiveAdam> expected;
  for (const double t : theta) expected.push_back({options, t});
  Adam<double> adam(size, options), in_parts(size, options);
  for (int t = 1; t <= 25; ++t) {
    const Vector<double> g = random.normal<double>(size, 1, static_cast<std::uint64_t>(100 * t));
    adam.step(theta, g);
    // The vector in three parts, as threads take them, in another order.
    in_parts.begin_step();
    in_parts.update(parts, g.segment(4, 2), 1.0, 4);
    in_parts.update(parts, 2.0 * g.segment(0, 3), 0.5, 0);
    in_parts.update(parts, g.segment(3, 1), 1.0, 3);
    for (Index i = 0; i < size; ++i) {
      NaiveAdam& e = expected[static_cast<std::size_t>(i)];
      e.step(g(i));
      CHECK_THAT(theta(i), WithinAbs(e.theta, 1e-14));
      CHECK_THAT(parts(i), WithinAbs(e.theta, 1e-14));
    }
  }
  CHECK((adam.steps() == 25 && in_parts.steps() == 25));
}

TEST_CASE("Adam's first step has the size of the learning rate", "[adam][eq:adam]") {
  // Whatever the gradient's size: the bias corrections make m / sqrt(v) its sign.
  Vector<double> theta = Vector<double>::Zero(3);
  Adam<double> adam(3, {.learning_rate = 0.25});
  adam.step(theta, Vector<double>{{1e-3, -7.0, 1e5}});
  CHECK(max_difference(theta, Vector<double>{{-0.25, 0.25, -0.25}}) < 1e-5);
}

TEST_CASE("PyTorch: Adam", "[reference][adam][eq:adam]") {
  const Matrix<double> gradients = matrix_of(reference::adam_gradients, 5, 8);
  const Matrix<double> path = matrix_of(reference::adam_path, 5, 8);
  Vector<double> theta{{0.5, -1.0, 2.0, 0.0, 1.0}};
  Adam<double> adam(5, {.learning_rate = 0.05, .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-6});
  for (Index t = 0; t < 8; ++t) {
    adam.step(theta, gradients.col(t));
    CHECK(max_difference(theta, path.col(t)) < 1e-14);  // a few roundings of numbers near 1
  }
}

TEST_CASE("Adam's defaults are the paper's, and wrong shapes are refused", "[adam][shape]") {
  const AdamOptions options;
  CHECK((options.learning_rate == 0.001 && options.beta1 == 0.9 && options.beta2 == 0.999 &&
         options.epsilon == 1e-8));
  Adam<double> adam(3);
  Vector<double> three = Vector<double>::Zero(3), two = Vector<double>::Zero(2);
  CHECK(contains(refusal([&] { adam.step(three, two); }), "3 x 1, found 2 x 1"));
  CHECK(contains(refusal([&] { adam.step(two, two); }), "3 x 1, found 2 x 1"));
  CHECK(adam.steps() == 0);
}
