#include "elbo/diffusion.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "elbo/shape.hpp"
#include "elbo/special.hpp"

namespace elbo {
namespace {

Vector<double> variances(const NoiseSchedule& schedule, ReverseVariance kind) {
  Vector<double> variance(schedule.steps());
  for (int t = 1; t <= schedule.steps(); ++t) {
    const bool beta = kind == ReverseVariance::beta || t == 1;
    variance(t - 1) = beta ? schedule.beta(t) : schedule.posterior_variance(t);
  }
  return variance;
}

}  // namespace

Diffusion::Diffusion(NoiseSchedule schedule, ReverseVariance variance)
    : Diffusion(schedule, variances(schedule, variance)) {}

Diffusion::Diffusion(NoiseSchedule schedule, const Vector<double>& variance)
    : schedule_(std::move(schedule)), variance_(variance) {
  check_shape("Diffusion: variance", variance, schedule_.steps(), 1);
  if (!(variance.minCoeff() > 0)) {
    throw std::invalid_argument("Diffusion: wanted positive variances, found " +
                                std::to_string(variance.minCoeff()));
  }
}

double Diffusion::variance(int t) const {
  if (t >= 1 && t <= steps()) return variance_(t - 1);
  throw std::out_of_range("Diffusion: wanted a step from 1 to " + std::to_string(steps()) +
                          ", found " + std::to_string(t));
}

// [reverse]
template <class T>
DiagonalNormal<T> Diffusion::reverse(const Matrix<T>& xt, const Matrix<T>& eps_hat, int t) const {
  check_same_shape("Diffusion::reverse: eps_hat", eps_hat, xt);
  const T log_variance = static_cast<T>(std::log(variance(t)));
  const double beta = schedule_.beta(t);
  const T of_xt = static_cast<T>(1 / std::sqrt(1 - beta));
  const T of_eps = of_xt * static_cast<T>(beta / std::sqrt(schedule_.noise_variance(t)));
  return {of_xt * xt - of_eps * eps_hat, Matrix<T>::Constant(xt.rows(), xt.cols(), log_variance)};
}
// [reverse]

// [weights]
double Diffusion::noise_weight(int t) const {
  const double beta = schedule_.beta(t);
  return beta * beta / (2 * variance(t) * (1 - beta) * schedule_.noise_variance(t));
}

double Diffusion::step_constant(int t) const {
  if (t == 1) return 0.5 * (log_two_pi + std::log(variance(1)));
  const double ratio = schedule_.posterior_variance(t) / variance(t);
  return 0.5 * (ratio - 1 - std::log(ratio));
}
// [weights]

template <class T>
RowVector<T> Diffusion::step_loss(const Matrix<T>& eps, const Matrix<T>& eps_hat, int t) const {
  check_same_shape("Diffusion::step_loss: eps_hat", eps_hat, eps);
  const T weight = static_cast<T>(noise_weight(t));
  const T constant = static_cast<T>(static_cast<double>(eps.rows()) * step_constant(t));
  return (weight * (eps - eps_hat).colwise().squaredNorm()).array() + constant;
}

template <class T>
RowVector<T> Diffusion::prior_loss(const Matrix<T>& x0) const {
  return kl_from_standard_normal(schedule_.forward(x0, steps()));
}

#define ELBO_INSTANTIATE(T)                                                                     \
  template DiagonalNormal<T> Diffusion::reverse(const Matrix<T>&, const Matrix<T>&, int) const; \
  template RowVector<T> Diffusion::step_loss(const Matrix<T>&, const Matrix<T>&, int) const;    \
  template RowVector<T> Diffusion::prior_loss(const Matrix<T>&) const;
ELBO_INSTANTIATE(float)
ELBO_INSTANTIATE(double)
#undef ELBO_INSTANTIATE

}  // namespace elbo
