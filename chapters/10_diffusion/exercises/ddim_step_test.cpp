#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;

MatrixXd ddim_step(const MatrixXd& xt, const MatrixXd& eps_hat, double kept_t, double kept_s,
                   double eta, const MatrixXd& noise);

namespace {

/// The variance of x_s given x_t and x_0, by a sum over x_s: two normals multiplied, no closed
/// form.
double variance_between(double kept_t, double kept_s) {
  const double shrink = std::sqrt(kept_t / kept_s), beta = 1 - kept_t / kept_s;
  const double reach = 14 * std::sqrt(1 - kept_s), step = reach / 4000;
  double total = 0, first = 0, second = 0;
  for (double x = -reach; x <= reach; x += step) {  // x_0 = 0 and x_t = 0.3
    const double on = 0.3 - shrink * x;
    const double weight = std::exp(-0.5 * (x * x / (1 - kept_s) + on * on / beta));
    total += weight, first += weight * x, second += weight * x * x;
  }
  return second / total - first * first / (total * total);
}

void step(const std::string& where, const MatrixXd& x0, const MatrixXd& eps, double kept_t,
          double kept_s, double eta) {
  const MatrixXd noise = (3 * x0.array() + 1).cos() + 0.2;  // some numbers
  const MatrixXd xt = std::sqrt(kept_t) * x0 + std::sqrt(1 - kept_t) * eps;
  const double between = kept_s < 1 ? variance_between(kept_t, kept_s) : 0;
  const auto built = [&](double of_x0, double old, double fresh) {
    return MatrixXd(of_x0 * x0 + std::sqrt(std::fmax(old, 0)) * eps + fresh * noise);
  };
  const double of_x0 = std::sqrt(kept_s), room = 1 - kept_s, sigma = eta * std::sqrt(between);
  const double beta = 1 - kept_t / kept_s;
  // Tolerance: the sum over x_s is exact to 1e-9.
  teacher::expect(
      where, ddim_step(xt, eps, kept_t, kept_s, eta, noise),
      built(of_x0, room - sigma * sigma, sigma), 1e-7,
      {{built(of_x0, room, sigma),
        "Old noise and fresh noise together are too much: which of them makes room?"},
       {built(of_x0, 1 - kept_t - sigma * sigma, sigma),
        "The old noise is left as large as it was in x_t. How noisy is x_s?"},
       {built(of_x0 * std::sqrt(kept_t), room - sigma * sigma, sigma),
        "x_0 comes out too small: x_t holds it shrunk. By what?"},
       {built(of_x0, room - std::pow(eta * between, 2), eta * between),
        "sigma is a standard deviation: is yours the variance?"},
       {built(of_x0, room - eta * eta * beta, eta * std::sqrt(beta)),
        "That is the noise of the layer forwards. On the way back x_0 is known as well."}});
}

}  // namespace

TEST_CASE("one number") {
  const MatrixXd x0 = MatrixXd::Constant(1, 1, 2), eps = MatrixXd::Constant(1, 1, -0.5);
  step("eta = 0, to the sample itself", x0, eps, 0.25, 1, 0);
  step("eta = 0, from alpha_bar = 0.25 to 0.64", x0, eps, 0.25, 0.64, 0);
  step("eta = 1, from alpha_bar = 0.25 to 0.64", x0, eps, 0.25, 0.64, 1);
  step("eta = 0.5, from alpha_bar = 0.25 to 0.64", x0, eps, 0.25, 0.64, 0.5);
  step("eta = 1, to the sample itself", x0, eps, 0.25, 1, 1);
}

TEST_CASE("two dimensions, three samples") {
  MatrixXd x0(2, 3), eps(2, 3);
  x0 << 0.3, -1, 2, 0.1, 0, -0.5;
  eps << 1, 0.5, -2, 1.5, -0.8, 1;
  step("two dimensions, three samples, eta = 0.7", x0, eps, 0.1, 0.3, 0.7);
}

TEST_CASE("a walk without dice") {
  // On samples from N(0.5, 0.2^2) the best guess of the noise is linear, and a walk of very many
  // small steps must carry the normal at the start onto them: its mean to 0.5, one deviation to
  // one.
  const auto walk = [](double x) {
    const int steps = 4000;
    const auto kept = [](int k) { return std::pow(std::cos(1.5607 * k / steps), 2); };
    for (int k = steps; k > 0; --k) {
      const double variance = 0.04 * kept(k) + 1 - kept(k);
      const double eps = std::sqrt(1 - kept(k)) / variance * (x - 0.5 * std::sqrt(kept(k)));
      x = ddim_step(MatrixXd::Constant(1, 1, x), MatrixXd::Constant(1, 1, eps), kept(k),
                    kept(k - 1), 0, MatrixXd::Constant(1, 1, 1e6))(0, 0);
    }
    return x;
  };
  // Tolerance: the error of finite steps, and 0.01 of the sample that is left in the start.
  teacher::expect("4000 steps, eta = 0, from one deviation below", walk(-1), 0.3, 4e-3);
  teacher::expect("4000 steps, eta = 0, from one deviation above", walk(1), 0.7, 4e-3);
}
