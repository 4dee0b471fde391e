#include "plane_flow.hpp"

#include <algorithm>
#include <cmath>

#include "elbo/adam.hpp"
#include "elbo/special.hpp"

namespace chapter {

using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;
using elbo::Vector;

PlaneFlow::PlaneFlow(Index layers, std::uint64_t seed) : flow_(layout_, "planar", 2, layers) {
  parameters_ = Vector<double>::Zero(layout_.size());
  flow_.initialise(parameters_, elbo::Random(seed, elbo::Stream::parameters));
}

// [free-energy]
void PlaneFlow::fit(const std::function<Energy(double, double)>& energy, const Fit& options,
                    std::uint64_t seed, const std::function<void(int)>& watch) {
  const elbo::Random random(seed, elbo::Stream::noise);
  elbo::Adam<double> adam(parameters_.size(), {.learning_rate = options.learning_rate});
  elbo::PlanarFlow::Memory<double> memory;
  RowVector<double> log_det;
  const Index n = options.batch;
  const double share = 1.0 / static_cast<double>(n);
  for (int step = 0; step < options.steps; ++step) {
    if (step % 100 == 0) watch(step);
    const double done = static_cast<double>(step) / options.steps;
    const double tempered = std::min(1.0, 0.01 + 2 * done);

    // F, but for constants, is the mean of -log|det J| + energy(z).
    const Matrix<double> eps =
        random.normal<double>(2, n, static_cast<std::uint64_t>(step * 2 * n));
    const Matrix<double> z = flow_.forward(parameters_, eps, log_det, memory);
    Matrix<double> dz(2, n);
    for (Index i = 0; i < n; ++i) {
      const Energy at = energy(z(0, i), z(1, i));
      dz.col(i) << at.dx, at.dy;
    }
    Vector<double> gradient = Vector<double>::Zero(parameters_.size());
    flow_.backward<double>(parameters_, memory, tempered * share * dz,
                           RowVector<double>::Constant(n, -share), gradient);
    adam.begin_step(0.5 + 0.5 * std::cos(M_PI * done));
    adam.update(parameters_, gradient);
  }
  watch(options.steps);
}

double PlaneFlow::free_energy(const std::function<Energy(double, double)>& energy,
                              double spacing) const {
  const auto reach = static_cast<Index>(std::ceil(6 / spacing));
  Matrix<double> eps(2, 2 * reach + 1);
  RowVector<double> log_det;
  double sum = 0;
  for (Index row = -reach; row <= reach; ++row) {
    for (Index i = -reach; i <= reach; ++i) {
      eps.col(i + reach) << spacing * static_cast<double>(i), spacing * static_cast<double>(row);
    }
    const Matrix<double> z = forward(eps, log_det);
    for (Index i = 0; i < eps.cols(); ++i) {
      const double log_p = -0.5 * eps.col(i).squaredNorm() - elbo::log_two_pi;
      sum += std::exp(log_p) * (log_p - log_det(i) + energy(z(0, i), z(1, i)).value);
    }
  }
  return sum * spacing * spacing;
}
// [free-energy]

Matrix<double> PlaneFlow::forward(const Matrix<double>& eps, RowVector<double>& log_det) const {
  elbo::PlanarFlow::Memory<double> memory;
  return flow_.forward(parameters_, eps, log_det, memory);
}

// [inversion]
double PlaneFlow::log_density(double x, double y) const {
  double log_det = 0;
  for (Index k = flow_.layers(); k-- > 0;) {
    const double* p = parameters_.data() + 5 * k;  // u, w, b
    const double wu = p[0] * p[2] + p[1] * p[3], ww = p[2] * p[2] + p[3] * p[3];
    const double s = std::log(1 + std::exp(-std::abs(wu))) + std::max(wu, 0.0) - 1;
    // w'y + b = a + s tanh(a), for a = w'z + b: rising, so that Newton's steps, kept between what
    // is too small and what is too large, find the one a. Where it hardly rises they creep: every
    // third step halves what is left.
    const double c = p[2] * x + p[3] * y + p[4];
    double low = c - std::abs(s), high = c + std::abs(s), a = c;
    for (int i = 0; i < 200 && high - low > 1e-13; ++i) {
      const double h = std::tanh(a), miss = a + s * h - c;
      (miss > 0 ? high : low) = a;
      const double next = a - miss / (1 + s * (1 - h * h));
      if (std::abs(next - a) < 1e-13) break;
      a = i % 3 != 2 && next > low && next < high ? next : 0.5 * (low + high);
    }
    const double h = std::tanh(a);
    log_det += std::log(1 + s * (1 - h * h));
    x -= (p[0] + (s - wu) / ww * p[2]) * h;
    y -= (p[1] + (s - wu) / ww * p[3]) * h;
  }
  return elbo::textbook::log_normal(x, 0, 1) + elbo::textbook::log_normal(y, 0, 1) - log_det;
}

InThePlane by_inversion(const PlaneFlow& flow, const std::function<Energy(double, double)>& energy,
                        double log_z, int points) {
  InThePlane sum{0, 0};
  sum.mass = elbo::integrate2(
      [&](double x, double y) {
        const double log_q = flow.log_density(x, y), q = std::exp(log_q);
        const double cell = std::pow(2 * edge / points, 2);
        sum.kl += cell * q * (log_q + energy(x, y).value + log_z);
        return q;
      },
      -edge, edge, -edge, edge, points);
  return sum;
}
// [inversion]

}  // namespace chapter
