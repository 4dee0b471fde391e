// A planar flow in the plane, fitted to a density by the free energy; and its density, twice.
#pragma once

#include <functional>
#include <vector>

#include "densities.hpp"
#include "elbo/planar_flow.hpp"

namespace chapter {

struct Fit {
  int steps = 4000;
  elbo::Index batch = 256;
  double learning_rate = 0.02;
};

/// A flow of N(0, I) in the plane.
class PlaneFlow {
 public:
  PlaneFlow(elbo::Index layers, std::uint64_t seed);

  /// Descends F = E_q[log q(z)] + E_q[energy(z)] = KL(q || p) - log Z by the pathwise gradient. The
  /// energy counts little at first and fully from half the way on (equation 20 of Rezende and
  /// Mohamed). `watch` is called now and then.
  void fit(const std::function<Energy(double, double)>& energy, const Fit& options,
           std::uint64_t seed, const std::function<void(int)>& watch);

  /// F by quadrature over the noise, which the flow takes where it will.
  double free_energy(const std::function<Energy(double, double)>& energy, double spacing) const;

  /// z and log|det J| of points of the noise, 2 x n.
  elbo::Matrix<double> forward(const elbo::Matrix<double>& eps,
                               elbo::RowVector<double>& log_det) const;

  /// log q at a point of the plane, from the paper's formulas alone: every layer is undone by
  /// solving for the one number it hides.
  double log_density(double x, double y) const;

 private:
  elbo::Layout layout_;
  elbo::PlanarFlow flow_;
  elbo::Vector<double> parameters_;
};

/// Integrals over the square of both densities' home: of q, and of q log(q / p).
struct InThePlane {
  double mass, kl;
};
InThePlane by_inversion(const PlaneFlow& flow, const std::function<Energy(double, double)>& energy,
                        double log_z, int points);

}  // namespace chapter
