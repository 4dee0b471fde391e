#include "elbo/noise_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

#include "elbo/shape.hpp"

namespace elbo {

NoiseSchedule::NoiseSchedule(const Vector<double>& beta) : beta_(beta) {
  if (beta.size() < 1) throw std::invalid_argument("NoiseSchedule: wanted at least one step");
  log_alpha_bar_ = Vector<double>::Zero(beta.size() + 1);
  for (Index i = 0; i < beta.size(); ++i) {
    if (!(beta(i) > 0 && beta(i) < 1)) {
      throw std::invalid_argument("NoiseSchedule: wanted beta between 0 and 1, found " +
                                  std::to_string(beta(i)) + " at step " + std::to_string(i + 1));
    }
    log_alpha_bar_(i + 1) = log_alpha_bar_(i) + std::log1p(-beta(i));
  }
}

NoiseSchedule NoiseSchedule::linear(int steps) {
  if (steps <= 20) {
    throw std::invalid_argument("NoiseSchedule::linear: wanted more than 20 steps, found " +
                                std::to_string(steps));
  }
  return NoiseSchedule(Vector<double>::LinSpaced(steps, 0.1 / steps, 20.0 / steps));
}

NoiseSchedule NoiseSchedule::cosine(int steps) {
  const auto f = [=](int t) {
    constexpr double s = 0.008;
    const double c = std::cos(std::numbers::pi / 2 * (double(t) / steps + s) / (1 + s));
    return c * c;
  };
  Vector<double> beta(std::max(steps, 0));
  for (int t = 1; t <= steps; ++t) beta(t - 1) = std::min(0.999, 1 - f(t) / f(t - 1));
  return NoiseSchedule(beta);
}

NoiseSchedule NoiseSchedule::respaced(int count) const {
  if (count < 1 || count > steps()) {
    throw std::invalid_argument("NoiseSchedule::respaced: wanted 1 to " + std::to_string(steps()) +
                                " steps, found " + std::to_string(count));
  }
  Vector<double> beta(count);
  Index before = 0;
  for (int i = 1; i <= count; ++i) {
    const Index t = (Index(i) * steps() + count / 2) / count;
    beta(i - 1) = -std::expm1(log_alpha_bar_(t) - log_alpha_bar_(before));
    before = t;
  }
  return NoiseSchedule(beta);
}

Index NoiseSchedule::place(int t) const {
  if (t >= 1 && t <= steps()) return t - 1;
  throw std::out_of_range("NoiseSchedule: wanted a step from 1 to " + std::to_string(steps()) +
                          ", found " + std::to_string(t));
}

// [alpha-bar]
double NoiseSchedule::alpha_bar(int t) const {
  return t == 0 ? 1.0 : std::exp(log_alpha_bar_(place(t) + 1));
}

double NoiseSchedule::noise_variance(int t) const {
  return t == 0 ? 0.0 : -std::expm1(log_alpha_bar_(place(t) + 1));
}

double NoiseSchedule::log_snr(int t) const {
  return log_alpha_bar_(place(t) + 1) - std::log(noise_variance(t));
}
// [alpha-bar]

// [forward]
template <class T>
DiagonalNormal<T> NoiseSchedule::forward(const Matrix<T>& x0, int t) const {
  const T left = static_cast<T>(std::sqrt(alpha_bar(t)));
  const T log_variance = static_cast<T>(std::log(noise_variance(t)));
  return {left * x0, Matrix<T>::Constant(x0.rows(), x0.cols(), log_variance)};
}
// [forward]

// [posterior]
double NoiseSchedule::posterior_variance(int t) const {
  return beta(t) * noise_variance(t - 1) / noise_variance(t);
}

template <class T>
DiagonalNormal<T> NoiseSchedule::posterior(const Matrix<T>& xt, const Matrix<T>& x0, int t) const {
  check_same_shape("NoiseSchedule::posterior: x0", x0, xt);
  if (t < 2) {
    throw std::out_of_range("NoiseSchedule::posterior: wanted a step from 2, found " +
                            std::to_string(t));
  }
  const double of_x0 = std::sqrt(alpha_bar(t - 1)) * beta(t) / noise_variance(t);
  const double of_xt = std::sqrt(1 - beta(t)) * noise_variance(t - 1) / noise_variance(t);
  const T log_variance = static_cast<T>(std::log(posterior_variance(t)));
  return {static_cast<T>(of_x0) * x0 + static_cast<T>(of_xt) * xt,
          Matrix<T>::Constant(xt.rows(), xt.cols(), log_variance)};
}
// [posterior]

#define ELBO_INSTANTIATE(T)                                                                    \
  template DiagonalNormal<T> NoiseSchedule::forward(const Matrix<T>&, int) const;              \
  template DiagonalNormal<T> NoiseSchedule::posterior(const Matrix<T>&, const Matrix<T>&, int) \
      const;
ELBO_INSTANTIATE(float)
ELBO_INSTANTIATE(double)
#undef ELBO_INSTANTIATE

}  // namespace elbo
