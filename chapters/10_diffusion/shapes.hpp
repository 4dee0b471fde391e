// Points in the plane whose density is known: a place on a curve, and a little normal noise.
#pragma once

#include <cstdint>
#include <string>

#include "elbo/types.hpp"

namespace chapter {

/// x = c(u) + 0.1 eps, u uniform on the curves, which are as likely as each other.
class Shape {
 public:
  explicit Shape(const std::string& name);

  /// n points, 2 x n; set `number` of the seed.
  elbo::Matrix<float> draw(elbo::Index n, std::uint64_t seed, std::uint64_t number) const;
  /// log p(x) by quadrature along the curves, x: 2 x n -> 1 x n.
  elbo::RowVector<double> log_prob(const elbo::Matrix<double>& x) const;
  /// The curve whose part of the density at x is larger: 0, 1, ...
  int nearest_curve(double x, double y) const;

  static constexpr double noise = 0.1;

 private:
  Eigen::Vector2d at(int curve, double u) const;
  double density(int curve, double x, double y, int count) const;

  std::string name_;
  int curves_;
};

}  // namespace chapter
