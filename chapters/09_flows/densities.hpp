// Densities in the plane that are known but for their normaliser, and that by quadrature.
#pragma once

#include <cmath>

#include "elbo/quadrature.hpp"

namespace chapter {

/// -log of an unnormalised density, and its slope.
struct Energy {
  double value, dx, dy;
};

// [moons]
/// Two moons (Rezende and Mohamed 2015, table 1, the first): near the circle of radius 2, at its
/// left and right.
struct Moons {
  static Energy energy(double x, double y) {
    const double r = std::hypot(x, y) + 1e-300, out = (r - 2) / 0.4;
    const double a = std::exp(-0.5 * std::pow((x - 2) / 0.6, 2)),
                 b = std::exp(-0.5 * std::pow((x + 2) / 0.6, 2)), sum = a + b + 1e-300;
    const double pull = out / 0.4 / r;
    return {0.5 * out * out - std::log(sum), pull * x + (a * (x - 2) + b * (x + 2)) / (0.36 * sum),
            pull * y};
  }
};
// [moons]

// [ring]
/// A ring: the distance from the origin is near 2.
struct Ring {
  static constexpr double radius = 2, width = 0.3;
  static Energy energy(double x, double y) {
    const double r = std::hypot(x, y) + 1e-300, out = (r - radius) / width;
    const double pull = out / width / r;
    return {0.5 * out * out, pull * x, pull * y};
  }
};
// [ring]

inline constexpr double edge = 5;  // neither density has anything to speak of beyond

/// log of the integral of e^-energy over the plane.
template <class Target>
double log_normaliser(int points = 800) {
  return std::log(
      elbo::integrate2([](double x, double y) { return std::exp(-Target::energy(x, y).value); },
                       -edge, edge, -edge, edge, points));
}

}  // namespace chapter
