#include "shapes.hpp"

#include <cmath>

#include "elbo/quadrature.hpp"
#include "elbo/random.hpp"

namespace chapter {

using elbo::Index;
using elbo::Matrix;

Shape::Shape(const std::string& name) : name_(name), curves_(name == "ring" ? 1 : 2) {}

// [curves]
// Moons: two half circles that reach into each other. Spiral: two arms, half a turn apart, placed
// along the arm so that outer parts are not thinner. Ring: a circle.
Eigen::Vector2d Shape::at(int curve, double u) const {
  if (name_ == "ring") return 1.3 * Eigen::Vector2d(std::cos(2 * M_PI * u), std::sin(2 * M_PI * u));
  if (name_ == "spiral") {
    const double turn = 1.5 * M_PI * std::sqrt(0.04 + 0.96 * u), radius = 1.9 * turn / (1.5 * M_PI);
    return radius * Eigen::Vector2d(std::cos(turn + M_PI * curve), std::sin(turn + M_PI * curve));
  }
  const double side = curve == 0 ? 1 : -1, angle = M_PI * u;
  return 1.2 * side * Eigen::Vector2d(std::cos(angle) - 0.5, std::sin(angle) - 0.25);
}
// [curves]

Matrix<float> Shape::draw(Index n, std::uint64_t seed, std::uint64_t number) const {
  const elbo::Random random(seed, elbo::Stream::data, number);
  Matrix<float> x = static_cast<float>(noise) * random.normal<float>(2, n);
  for (Index i = 0; i < n; ++i) {
    const auto index = (std::uint64_t{1} << 40) + 2 * static_cast<std::uint64_t>(i);
    const int curve = static_cast<int>(random.below(static_cast<std::uint32_t>(curves_), index));
    x.col(i) += at(curve, random.uniform(index + 1)).cast<float>();
  }
  return x;
}

// [density]
// p(x) = mean over the curves of the integral over u of N(x; c(u), noise^2 I).
double Shape::density(int curve, double x, double y, int count) const {
  const auto integrand = [&](double u) {
    const Eigen::Vector2d c = at(curve, u);
    const double square = (x - c(0)) * (x - c(0)) + (y - c(1)) * (y - c(1));
    return std::exp(-0.5 * square / (noise * noise));
  };
  return elbo::integrate(integrand, 0, 1, count) / (2 * M_PI * noise * noise * curves_);
}

elbo::RowVector<double> Shape::log_prob(const Matrix<double>& x) const {
  elbo::RowVector<double> out(x.cols());
  for (Index i = 0; i < x.cols(); ++i) {
    double p = 0;
    for (int curve = 0; curve < curves_; ++curve) p += density(curve, x(0, i), x(1, i), 1000);
    out(i) = std::log(p);
  }
  return out;
}
// [density]

int Shape::nearest_curve(double x, double y) const {
  return curves_ == 2 && density(1, x, y, 200) > density(0, x, y, 200) ? 1 : 0;
}

}  // namespace chapter
