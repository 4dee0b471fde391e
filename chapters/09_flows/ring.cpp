// Chapter 9, section 3: why may p(z) be N(0, I)? Because a flexible map takes it to any other
// density: here to a ring, first exactly, by a map that tears the plane at the origin, then nearly,
// by a flow that cannot tear. What a flow cannot do is make the hole: it can only stretch it.
#include <algorithm>
#include <cmath>

#include "plane_flow.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;

constexpr double hole = 0.5 * Ring::radius;

// The integral of r e^{-((r - R) / w)^2 / 2} from 0 to r.
double up_to(double r) {
  constexpr double w = Ring::width, at = Ring::radius;
  const auto inner = [&](double t) { return -w * w * std::exp(-0.5 * t * t / (w * w)); };
  const double turn = std::sqrt(M_PI / 2) * w * at;
  return inner(r - at) - inner(-at) +
         turn * (std::erf((r - at) / (w * M_SQRT2)) + std::erf(at / (w * M_SQRT2)));
}

// [ring-map]
// eps -> G(|eps|) eps / |eps|: the radius that as much of the ring lies within as of N(0, I) within
// |eps|, which is 1 - e^{-|eps|^2 / 2}. By bisection.
double exact_radius(double of_noise) {
  const double share = -std::expm1(-0.5 * of_noise * of_noise) * up_to(1e3);
  double low = 0, high = 2 * Ring::radius;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (up_to(middle) < share ? low : high) = middle;
  }
  return 0.5 * (low + high);
}
// [ring-map]

void exact_map(const Run& run, double log_z) {
  // log q = log p(eps) - log(G / r) - log G', the stretch along the circle and that outwards.
  double worst = 0;
  for (double r = 0.2; r < 3.6; r += 0.1) {
    constexpr double h = 1e-3;
    const double g = exact_radius(r),
                 slope = (8 * (exact_radius(r + h) - exact_radius(r - h)) -
                          (exact_radius(r + 2 * h) - exact_radius(r - 2 * h))) /
                         (12 * h);
    const double log_q = -0.5 * r * r - std::log(2 * M_PI) - std::log(g / r) - std::log(slope);
    worst = std::max(worst, std::abs(log_q + Ring::energy(g, 0).value + log_z));
  }
  run.report.claim("eq:ring-map", "N(0, I) through the torn map: log q = log p, worst of 34 radii",
                   0, worst, 1e-6);
  // Near the origin opposite points go to opposite sides of the ring: the slope is the gap over
  // the distance, and has no bound.
  run.report.result("ring_map_stretch_at_0.1", exact_radius(0.1) / 0.1);
  run.report.result("ring_map_stretch_at_0.001", exact_radius(0.001) / 0.001);
}

// What a flow leaves in the hole and pays for it, on a grid of the noise.
struct Hole {
  double mass = 0, largest_log_det = -1e300, least_noise = 1e300, stretch = 0;
};
Hole look_into(const PlaneFlow& flow) {
  constexpr double spacing = 0.02;
  constexpr Index reach = 300;
  Hole found;
  Matrix<double> eps(2, 2 * reach + 1), last;
  RowVector<double> log_det;
  for (Index row = -reach; row <= reach; ++row) {
    for (Index i = -reach; i <= reach; ++i) {
      eps.col(i + reach) << spacing * static_cast<double>(i), spacing * static_cast<double>(row);
    }
    const Matrix<double> z = flow.forward(eps, log_det);
    for (Index i = 0; i < z.cols(); ++i) {
      const double p = std::exp(-0.5 * eps.col(i).squaredNorm()) / (2 * M_PI);
      if (i > 0 && eps.col(i).squaredNorm() < 9) {
        found.stretch = std::max(found.stretch, (z.col(i) - z.col(i - 1)).norm() / spacing);
        if (row > -reach) {
          found.stretch = std::max(found.stretch, (z.col(i) - last.col(i)).norm() / spacing);
        }
      }
      if (z.col(i).norm() > hole) continue;
      found.mass += p * spacing * spacing;
      found.largest_log_det = std::max(found.largest_log_det, log_det(i));
      found.least_noise = std::min(found.least_noise, p);
    }
    last = z;
  }
  return found;
}

// The flow's density along the circle, at the weakest of 360 angles, over the ring's own.
double weakest_angle(const PlaneFlow& flow, double log_z) {
  double least = 1e300;
  for (int i = 0; i < 360; ++i) {
    const double turn = i * M_PI / 180;
    least = std::min(
        least, flow.log_density(Ring::radius * std::cos(turn), Ring::radius * std::sin(turn)));
  }
  return std::exp(least + log_z);
}

// A grid of the noise and where the flow takes it: for the figure.
void draw(const Run& run, const PlaneFlow& flow, double log_z) {
  elbo::Table lines({"line", "x", "y"});
  RowVector<double> log_det;
  for (int direction = 0; direction < 2; ++direction) {
    for (int line = -10; line <= 10; ++line) {
      Matrix<double> eps(2, 181);
      for (Index i = 0; i < eps.cols(); ++i) {
        const double along = 3.0 * static_cast<double>(i - 90) / 90, across = 0.3 * line;
        eps.col(i) << (direction ? along : across), (direction ? across : along);
      }
      const Matrix<double> z = flow.forward(eps, log_det);
      for (Index i = 0; i < z.cols(); ++i) {
        lines.add({static_cast<double>(21 * direction + line + 10), z(0, i), z(1, i)});
      }
    }
  }
  run.report.csv("warped_grid", lines);
  elbo::Table density({"x", "y", "target", "flow"});
  constexpr int side = 110;
  for (int row = 0; row < side; ++row) {
    for (int col = 0; col < side; ++col) {
      const double x = -3.5 + 7.0 * (col + 0.5) / side, y = -3.5 + 7.0 * (row + 0.5) / side;
      density.add(
          {x, y, std::exp(-Ring::energy(x, y).value - log_z), std::exp(flow.log_density(x, y))});
    }
  }
  run.report.csv("ring", density);
}

}  // namespace

void ring(const Run& run) {
  const double log_z = log_normaliser<Ring>();
  run.report.claim("eq:ring-normaliser", "log Z of the ring: quadrature = closed form",
                   std::log(2 * M_PI * up_to(1e3)), log_z, 1e-6);
  exact_map(run, log_z);

  const Index counts[] = {2, 4, 8, run.layers};
  struct Fitted {
    double kl = 0, weakest = 0;
    Hole inside;
  };
  std::vector<PlaneFlow> flows;
  for (const Index layers : counts) flows.emplace_back(layers, run.seed);
  std::vector<Fitted> fits(flows.size());
  run.threads.run(static_cast<int>(flows.size()), [&](int task) {
    const std::size_t i = flows.size() - 1 - static_cast<std::size_t>(task);
    flows[i].fit(Ring::energy, {.steps = run.quick ? 1000 : 6000}, run.seed + 1, [](int) {});
    fits[i] = {flows[i].free_energy(Ring::energy, 0.025) + log_z, weakest_angle(flows[i], log_z),
               look_into(flows[i])};
  });
  draw(run, flows.back(), log_z);

  elbo::Table table({"layers", "kl", "mass_in_hole", "largest_log_det", "least_noise", "stretch"});
  const double own = up_to(hole) / up_to(1e3);  // the ring's own share inside
  double slack = 1e300, least_mass = 1e300;
  for (std::size_t i = 0; i < fits.size(); ++i) {
    const Hole& in = fits[i].inside;
    table.add({static_cast<double>(counts[i]), fits[i].kl, in.mass, in.largest_log_det,
               in.least_noise, in.stretch});
    // Where the hole comes from has the area hole's area / mean determinant, and at least this
    // much noise on each unit of it.
    const double least = std::log(M_PI * hole * hole * in.least_noise / in.mass);
    slack = std::min(slack, in.largest_log_det - least);
    least_mass = std::min(least_mass, in.mass);
  }
  run.report.csv("ring_cost", table);
  const Fitted& best = fits.back();
  run.report.claim_at_most("eq:ring-flow",
                           std::to_string(run.layers) + " layers push N(0, I) to the ring: KL left",
                           run.quick ? 0.5 : 0.1, best.kl);
  // No continuous one-to-one map has an empty hole; a determinant that is wrong may say it has.
  run.report.claim_at_least("eq:ring-bridge",
                            "the hole keeps more than the ring's own share of mass, in all 4 flows",
                            own, least_mass);
  run.report.claim_at_least(
      "eq:hole-costs-stretch",
      "largest det J in the hole >= hole's area x least noise / mass left, logarithms", 0, slack);
  run.report.result("ring_kl", best.kl);
  run.report.result("ring_mass_in_hole", best.inside.mass);
  run.report.result("ring_mass_in_hole_target", own);
  run.report.result("ring_stretch", best.inside.stretch);
  run.report.result("ring_largest_det", std::exp(best.inside.largest_log_det));
  run.report.result("ring_weakest_angle", best.weakest);
  run.report.result("ring_log_normaliser", log_z);
}

}  // namespace chapter
