// The decoder that walks a diffusion back, and the ELBO of the two together, term by term.
//
//   p(x_T) = N(0, I),   p(x_{t-1} | x_t) = N(mean_t(x_t), variance_t I)
//
//   -ELBO(x_0) = L_T + sum over t = 2 .. T of L_{t-1} + L_0                (nats)
//   L_T     = KL(q(x_T | x_0) || p(x_T))
//   L_{t-1} = E_q KL(q(x_{t-1} | x_t, x_0) || p(x_{t-1} | x_t))
//   L_0     = -E_q log p(x_0 | x_1)
//
// (Ho, Jain and Abbeel 2020, equation 5.) Its mean is told by a guess of the noise: with
// x_t = sqrt(alpha_bar_t) x_0 + sqrt(1 - alpha_bar_t) eps, who knows eps knows x_0.
#pragma once

#include "elbo/noise_schedule.hpp"

namespace elbo {

/// variance_t. The posterior's own, right if all samples were the same point; or beta_t, right if
/// they were N(0, I). At t = 1, where the posterior's is 0, both are beta_1 (Ho, Jain and Abbeel
/// 2020, section 3.2).
enum class ReverseVariance { posterior, beta };

/// The chain of T normals from x_T back to x_0, once somebody guesses the noise.
class Diffusion {
 public:
  /// With one of the two usual choices of variance_t.
  Diffusion(NoiseSchedule schedule, ReverseVariance variance);
  /// Any variances, variance(0) .. variance(T - 1) for t = 1 .. T. Throws std::invalid_argument.
  Diffusion(NoiseSchedule schedule, const Vector<double>& variance);

  /// The encoder that is walked back.
  const NoiseSchedule& schedule() const { return schedule_; }
  /// T.
  int steps() const { return schedule_.steps(); }
  /// variance_t of p(x_{t-1} | x_t). Throws std::out_of_range unless 1 <= t <= T.
  double variance(int t) const;

  /// p(x_{t-1} | x_t), mean [x_t - beta_t / sqrt(1 - alpha_bar_t) eps_hat] / sqrt(1 - beta_t)
  /// (Ho, Jain and Abbeel 2020, equation 11). xt and eps_hat: D x n.
  /// @label eq:reverse-mean
  template <class T>
  DiagonalNormal<T> reverse(const Matrix<T>& xt, const Matrix<T>& eps_hat, int t) const;

  /// What the term of step t costs where the guess of eps is off by eps_hat - eps:
  ///   noise_weight(t) |eps - eps_hat|^2 + D step_constant(t)
  /// with noise_weight = beta_t^2 / (2 variance_t (1 - beta_t) (1 - alpha_bar_t)) and, for t >= 2,
  /// step_constant = 1/2 [r - 1 - log r], r = posterior variance / variance_t; for t = 1, where
  /// there is a density and no KL, 1/2 log(2 pi variance_1).
  /// (Ho, Jain and Abbeel 2020, equation 12.) "Simple" training drops both: weight 1, constant 0.
  /// @label eq:noise-prediction
  double noise_weight(int t) const;
  /// The other half of that cost, which no guess changes: nats for each of the D dimensions.
  double step_constant(int t) const;

  /// The same as a sum, one number a sample: eps, eps_hat: D x n -> 1 x n.
  template <class T>
  RowVector<T> step_loss(const Matrix<T>& eps, const Matrix<T>& eps_hat, int t) const;

  /// L_T = KL(q(x_T | x_0) || N(0, I)), x0: D x n -> 1 x n.
  /// @label eq:prior-term
  template <class T>
  RowVector<T> prior_loss(const Matrix<T>& x0) const;

 private:
  NoiseSchedule schedule_;
  Vector<double> variance_;
};

}  // namespace elbo
