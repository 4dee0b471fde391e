// Adam down the free energy, by difference quotients. The target counts little at first, so that
// both humps are found before either is fitted.
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace {

using Eigen::ArrayXd, Eigen::MatrixXd;

double free_energy(const MatrixXd& layers, double target_counts) {
  const ArrayXd eps = ArrayXd::LinSpaced(81, -4, 4);
  ArrayXd z = eps, det = ArrayXd::Ones(81);
  for (Eigen::Index k = 0; k < layers.cols(); ++k) {
    const ArrayXd twice = 2 * (layers(1, k) * z + layers(2, k));
    const ArrayXd h = 1 - 2 / (1 + twice.exp());  // its tanh: exp goes many at a time
    det *= (1 + layers(0, k) * layers(1, k) * (1 - h.square())).max(1e-9);
    z += layers(0, k) * h;
  }
  const ArrayXd target = 0.35 / 0.4 * (-0.5 * ((z + 2.5) / 0.4).square()).exp() +
                         0.65 / 0.7 * (-0.5 * ((z - 2) / 0.7).square()).exp() + 1e-300;
  const ArrayXd mass = 0.1 * (-0.5 * eps.square()).exp();
  return -(mass * (det.log() + target_counts * target.log())).sum();
}

}  // namespace

MatrixXd two_humps_by_planar_layers() {
  MatrixXd layers(3, 4), m = MatrixXd::Zero(3, 4), v = m, slope = m;
  layers << 0.1, 0.1, 0.1, 0.1, 1, 1, 1, 1, -1.5, -0.5, 0.5, 1.5;
  for (int t = 1; t <= 500; ++t) {
    const double done = t / 500.0, counts = std::min(1.0, 0.01 + 2 * done);
    for (Eigen::Index i = 0; i < layers.size(); ++i) {
      MatrixXd up = layers, down = layers;
      up(i) += 1e-5, down(i) -= 1e-5;
      slope(i) = (free_energy(up, counts) - free_energy(down, counts)) / 2e-5;
    }
    m = 0.9 * m + 0.1 * slope;
    v = 0.999 * v + 0.001 * slope.cwiseAbs2();
    const double rate = 0.05 * (1 - done) / (1 - std::pow(0.9, t));
    layers.array() -= rate * m.array() / ((v / (1 - std::pow(0.999, t))).array().sqrt() + 1e-8);
  }
  return layers;
}
