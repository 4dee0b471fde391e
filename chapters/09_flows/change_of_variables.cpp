// Chapter 9, section 1: if z = f(eps) is one to one, then log q(z) = log p(eps) - log|det df/deps|.
// The determinant is the one thing a flow must know about itself; here it is asked of difference
// quotients, which know nothing of flows.
#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "elbo/flow_vae.hpp"
#include "elbo/planar_flow.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;
using elbo::Vector;

// [jacobian]
// J(i, j) = df_i/dz_j, by a difference of fourth order.
template <class Map>
Matrix<double> jacobian(const Map& f, const Matrix<double>& z) {
  constexpr double h = 1e-3;
  Matrix<double> j(z.rows(), z.rows());
  for (Index c = 0; c < z.rows(); ++c) {
    const auto moved = [&](double by) {
      Matrix<double> at = z;
      at(c, 0) += by;
      return Matrix<double>(f(at));
    };
    j.col(c) = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
  }
  return j;
}

// The largest |log_det - log|det J|| over some points of the space.
template <class Flow>
double worst_log_det(const Flow& flow, const Matrix<double>& z) {
  double worst = 0;
  RowVector<double> log_det;
  for (Index n = 0; n < z.cols(); ++n) {
    const Matrix<double> j = jacobian([&](const auto& at) { return flow(at, log_det); }, z.col(n));
    flow(z.col(n), log_det);
    worst = std::max(worst, std::abs(log_det(0) - std::log(std::abs(j.determinant()))));
  }
  return worst;
}
// [jacobian]

// The worst of 5 random directions: the gradient's projection against a difference quotient.
template <class Loss>
double worst_slope_error(const elbo::Random& random, Vector<double>& parameters,
                         const Vector<double>& gradient, const Loss& loss) {
  double worst = 0;
  const Vector<double> at = parameters;
  for (std::uint64_t trial = 1; trial <= 5; ++trial) {
    constexpr double h = 1e-6;
    const Vector<double> direction = random.normal<double>(at.size(), 1, trial << 20);
    parameters = at + h * direction;
    const double up = loss();
    parameters = at - h * direction;
    const double slope = (up - loss()) / (2 * h);
    worst = std::max(worst, std::abs(slope - gradient.dot(direction)) / gradient.norm());
  }
  parameters = at;
  return worst;
}

void check_planar(const Run& run, const elbo::Random& random) {
  constexpr Index d = 3, n = 20;
  elbo::Layout layout;
  const elbo::PlanarFlow flow(layout, "planar", d, 4);
  Vector<double> parameters = 0.8 * random.normal<double>(layout.size(), 1);
  const Matrix<double> z = random.normal<double>(d, n, 1000);
  elbo::PlanarFlow::Memory<double> memory;
  const auto map = [&](const Matrix<double>& at, RowVector<double>& log_det) {
    return flow.forward(parameters, at, log_det, memory);
  };
  // Fails when a layer's determinant forgets that u was bent, or one layer is left out.
  run.report.claim("eq:planar-flow", "4 planar layers: log|det J| = by difference quotients", 0,
                   worst_log_det(map, z), 1e-8);

  // A loss that feels both what comes out and the determinant.
  const Matrix<double> dy = random.normal<double>(d, n, 2000);
  const RowVector<double> dl = random.normal<double>(1, n, 3000);
  const auto loss = [&] {
    RowVector<double> log_det;
    const Matrix<double> y = map(z, log_det);
    return y.cwiseProduct(dy).sum() + log_det.dot(dl);
  };
  loss();
  Vector<double> gradient = Vector<double>::Zero(parameters.size());
  flow.backward(parameters, memory, dy, dl, gradient);
  run.report.claim("eq:planar-flow-gradient",
                   "their backward = difference quotient, worst of 5 directions", 0,
                   worst_slope_error(random, parameters, gradient, loss), 1e-7);
}

void check_autoregressive(const Run& run, const elbo::Random& random) {
  constexpr Index d = 5, context = 2;
  const auto flow_of = [&](elbo::Layout& layout, Index steps) {
    return elbo::AutoregressiveFlow(
        layout, "flow", {.dimension = d, .context = context, .hidden = {20}, .steps = steps});
  };
  elbo::Layout layout, layout_of_one;
  const elbo::AutoregressiveFlow flow = flow_of(layout, 3), one = flow_of(layout_of_one, 1);
  const Vector<double> parameters = 0.5 * random.normal<double>(layout.size(), 1);
  const Matrix<double> z = random.normal<double>(d, 20, 9000);
  const Matrix<double> h = random.normal<double>(context, 1, 9500);
  const auto through = [&](const elbo::AutoregressiveFlow& f) {
    return [&](const Matrix<double>& at, RowVector<double>& log_det) {
      elbo::AutoregressiveFlow::Memory<double> memory;
      return f.forward<double>(parameters, at, h.replicate(1, at.cols()), log_det, memory);
    };
  };
  run.report.claim("eq:inverse-autoregressive-flow",
                   "3 autoregressive steps: log|det J| = by difference quotients", 0,
                   worst_log_det(through(flow), z), 1e-8);

  // One step knows nothing of what comes after: zeros to the last bit. One mask the wrong way, or
  // `<=` for `<` in the last layer, and they are gone.
  RowVector<double> log_det;
  const Matrix<double> j =
      jacobian([&](const auto& at) { return through(one)(at, log_det); }, z.col(0));
  double above = 0, below = 1e300, diagonal = 0;
  for (Index r = 0; r < d; ++r) {
    for (Index c = 0; c < d; ++c) {
      if (c > r) above = std::max(above, std::abs(j(r, c)));
      if (c < r) below = std::min(below, std::abs(j(r, c)));
    }
    diagonal += std::log(j(r, r));
  }
  run.report.claim("eq:made-order", "one step: nothing of z_j in z_i for j > i, exactly", 0, above,
                   0);
  run.report.claim_at_least("eq:made-order", "and every z_j for j < i is felt", 1e-6, below);
  through(one)(z.col(0), log_det);
  run.report.claim("eq:triangular-determinant",
                   "so log|det J| = sum of the logarithms of the diagonal's quotients", diagonal,
                   log_det(0), 1e-8);

  const Matrix<double> y = through(flow)(z, log_det);
  const Matrix<double> again = flow.inverse<double>(parameters, y, h.replicate(1, z.cols()));
  run.report.claim("eq:autoregressive-inverse", "d passes a step lead back to where z began", 0,
                   (again - z).cwiseAbs().maxCoeff(), 1e-8);
}

void check_flow_vae(const Run& run, const elbo::Random& random) {
  elbo::FlowVae<double> vae({.pixels = 12,
                             .hidden = {9},
                             .latent = 3,
                             .context = 2,
                             .flow_hidden = {8},
                             .steps = 2,
                             .activation = elbo::Activation::tanh},
                            run.seed);
  vae.parameters += 0.3 * random.normal<double>(vae.parameters.size(), 1);
  const Matrix<double> x = random.uniform<double>(12, 5, 100);
  const Matrix<double> eps = random.normal<double>(3, 5, 200);
  elbo::FlowVae<double>::Workspace w;
  vae.elbo_errors(x, eps, {}, w);
  Vector<double> gradient = Vector<double>::Zero(vae.parameters.size());
  for (const auto& layer : vae.gradients(x, w)) layer.add_to(gradient);
  const auto loss = [&] { return -vae.log_weight(x, vae.encode(x), eps).sum(); };
  run.report.claim("eq:flow-vae-gradient",
                   "VAE with a flow: backward = difference quotient, worst of 5 directions", 0,
                   worst_slope_error(random, vae.parameters, gradient, loss), 1e-6);
}

}  // namespace

void change_of_variables(const Run& run) {
  const elbo::Random random(run.seed, elbo::Stream::play, 1);
  check_planar(run, random);
  check_autoregressive(run, random);
  check_flow_vae(run, random);
}

}  // namespace chapter
