// Chapter 9, section 2: two moons. A normal fitted to them covers both or one; a normal pushed
// through a few layers, each bending space along one line, becomes them. The normaliser is known by
// quadrature, so the free energy can be held against it.
#include <algorithm>
#include <array>
#include <string>

#include "plane_flow.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;

struct Fitted {
  Index layers;
  PlaneFlow flow;
  std::vector<double> steps, free_energy;  // as the fit went
  double kl;                               // over the noise
  InThePlane plane;                        // over the plane, by inversion
};

std::vector<Fitted> fit_all(const Run& run, double log_z) {
  std::vector<Fitted> fits;
  for (const Index layers : {Index{1}, Index{4}, Index{run.layers}}) {
    fits.push_back({layers, PlaneFlow(layers, run.seed), {}, {}, 0, {}});
  }
  run.threads.run(static_cast<int>(fits.size()), [&](int task) {
    Fitted& f = fits[fits.size() - 1 - static_cast<std::size_t>(task)];  // the longest first
    const auto watch = [&](int step) {
      f.steps.push_back(step);
      f.free_energy.push_back(f.flow.free_energy(Moons::energy, run.quick ? 0.1 : 0.04));
    };
    f.flow.fit(Moons::energy, {.steps = run.quick ? 1000 : 6000}, run.seed, watch);
    f.kl = f.flow.free_energy(Moons::energy, run.quick ? 0.0125 : 0.008) + log_z;
    f.plane = by_inversion(f.flow, Moons::energy, log_z,
                           (run.quick ? 300 : 600) * (f.layers > 4 ? 1 : 2));
  });
  return fits;
}

void draw(const Run& run, const std::vector<Fitted>& fits, double log_z) {
  elbo::Table density({"x", "y", "target", "layers_1", "layers_4", "layers_most"});
  constexpr int side = 90;
  for (int row = 0; row < side; ++row) {
    for (int col = 0; col < side; ++col) {
      const double x = -4 + 8.0 * (col + 0.5) / side, y = -4 + 8.0 * (row + 0.5) / side;
      const auto q = [&](std::size_t i) { return std::exp(fits[i].flow.log_density(x, y)); };
      density.add({x, y, std::exp(-Moons::energy(x, y).value - log_z), q(0), q(1), q(2)});
    }
  }
  run.report.csv("moons", density);
  elbo::Table course({"layers", "step", "free_energy"});
  for (const Fitted& f : fits) {
    for (std::size_t i = 0; i < f.steps.size(); ++i) {
      course.add({static_cast<double>(f.layers), f.steps[i], f.free_energy[i]});
    }
  }
  run.report.csv("free_energy", course);
}

}  // namespace

void planar(const Run& run) {
  const double log_z = log_normaliser<Moons>();
  const std::vector<Fitted> fits = fit_all(run, log_z);
  draw(run, fits, log_z);

  double lowest = 1e300;
  for (const Fitted& f : fits) {
    lowest = std::min(lowest, *std::min_element(f.free_energy.begin(), f.free_energy.end()));
    const std::string name = std::to_string(f.layers) + (f.layers == 1 ? " layer: " : " layers: ");
    // Wrong by what the determinant of any layer is wrong.
    run.report.claim("eq:flow-density", name + "the density, by undoing the layers, has mass 1", 1,
                     f.plane.mass, 1e-3);
    run.report.claim("eq:flow-kl", name + "KL(q || p) over the plane = over the noise", f.kl,
                     f.plane.kl, 5e-3 * (1 + f.kl));  // a layer's edge is no wider than a step
    run.report.result("moons_kl_" + std::to_string(f.layers), f.kl);
  }
  run.report.claim_at_least("eq:free-energy",
                            "in all three fits F stays above -log Z (by quadrature)", -log_z,
                            lowest, 1e-3);
  run.report.claim_at_most("eq:more-layers", "4 layers leave less KL than 1", fits[0].kl,
                           fits[1].kl);
  run.report.claim_at_most("eq:more-layers", "and " + std::to_string(run.layers) + " less than 4",
                           fits[1].kl, fits[2].kl);
  run.report.result("moons_log_normaliser", log_z);
}

}  // namespace chapter
