// Energy distance: plain loops, closed forms for normals, and no bias.
#include "elbo/energy_distance.hpp"

#include "check.hpp"
#include "elbo/random.hpp"

using namespace elbo;

namespace {

double naive(const Matrix<float>& x, const Matrix<float>& y) {
  const auto apart = [](const Matrix<float>& a, Index i, const Matrix<float>& b, Index j) {
    double square = 0;
    for (Index r = 0; r < a.rows(); ++r) {
      const double d = static_cast<double>(a(r, i)) - static_cast<double>(b(r, j));
      square += d * d;
    }
    return std::sqrt(square);
  };
  double between = 0, in_x = 0, in_y = 0;
  for (Index i = 0; i < x.cols(); ++i) {
    for (Index j = 0; j < y.cols(); ++j) between += apart(x, i, y, j);
    for (Index j = 0; j < i; ++j) in_x += apart(x, i, x, j);
  }
  for (Index i = 0; i < y.cols(); ++i) {
    for (Index j = 0; j < i; ++j) in_y += apart(y, i, y, j);
  }
  const double n = static_cast<double>(x.cols()), m = static_cast<double>(y.cols());
  return 2 * between / (n * m) - in_x / (n * (n - 1) / 2) - in_y / (m * (m - 1) / 2);
}

}  // namespace

TEST_CASE("energy distance by loops", "[energy-distance][eq:energy-distance]") {
  const Random random(313, Stream::play);
  const Matrix<float> x = random.normal<float>(3, 11), y = random.normal<float>(3, 7, 1000) * 2;
  CHECK_THAT(energy_distance(x, y), WithinAbs(naive(x, y), 1e-5));  // float distances
  CHECK_THAT(energy_distance(y, x), WithinAbs(naive(x, y), 1e-5));
  CHECK(contains(refusal([&] { energy_distance(x, y.topRows(2)); }), "3 x 7, found 2 x 7"));
  CHECK(contains(refusal([&] { energy_distance(x, y.leftCols(1)); }), "two points"));
}

TEST_CASE("energy distance of normals on a line", "[energy-distance][eq:energy-distance]") {
  // |x - y| for x - y ~ N(m, s^2) has mean s sqrt(2/pi) e^(-m^2/2s^2) + m erf(m / (s sqrt 2)).
  const auto mean_distance = [](double m, double s) {
    return s * std::sqrt(2 / std::numbers::pi) * std::exp(-m * m / (2 * s * s)) +
           m * std::erf(m / (s * std::numbers::sqrt2));
  };
  const double shift = 0.6, scale = 1.5;
  const double truth = 2 * mean_distance(shift, std::hypot(1, scale)) -
                       mean_distance(0, std::numbers::sqrt2) -
                       mean_distance(0, scale * std::numbers::sqrt2);
  MonteCarlo apart, same;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const Random random(314, Stream::play, i);
    const Matrix<float> x = random.normal<float>(1, 60), z = random.normal<float>(1, 50, 500);
    const Matrix<float> y = (float(scale) * z.array() + float(shift)).matrix();
    apart.add(energy_distance(x, y));
    same.add(energy_distance(x, z));
  }
  CHECK(apart.distance(truth) < sigmas);
  CHECK(same.distance(0) < sigmas);  // no bias: clouds of one distribution average to 0
}
