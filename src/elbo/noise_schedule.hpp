// A fixed Gaussian encoder with T layers: how a sample is drowned in noise, a little at a time.
//
//   q(x_t | x_{t-1}) = N(sqrt(1 - beta_t) x_{t-1}, beta_t I),   t = 1 .. T
//
// Nothing here is learned, so everything is a closed form (Sohl-Dickstein et al. 2015; Ho, Jain and
// Abbeel 2020, section 2). x_0 is the sample, x_1 .. x_T are its codes, each as large as it.
#pragma once

#include "elbo/distributions.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// beta_1 .. beta_T, and all that follows from them.
class NoiseSchedule {
 public:
  /// beta(0) .. beta(T - 1) are beta_1 .. beta_T, each between 0 and 1. Throws
  /// std::invalid_argument.
  explicit NoiseSchedule(const Vector<double>& beta);

  /// beta_t rises in a straight line from 0.1 / T to 20 / T: with T = 1000 that is 1e-4 to 0.02
  /// (Ho, Jain and Abbeel 2020, section 4), and sum_t beta_t is the same for every T. Needs T > 20.
  /// @label eq:linear-schedule
  static NoiseSchedule linear(int steps);

  /// alpha_bar_t = f(t) / f(0), f(t) = cos^2(pi/2 (t/T + s) / (1 + s)), s = 0.008, but never
  /// beta_t > 0.999 (Nichol and Dhariwal 2021, equation 17).
  /// @label eq:cosine-schedule
  static NoiseSchedule cosine(int steps);

  /// The same noise with fewer layers: `steps` of the T times, T among them, evenly spread. x_t has
  /// the same distribution at the times that are left (Nichol and Dhariwal 2021, section 4).
  /// @label eq:respaced
  NoiseSchedule respaced(int steps) const;

  /// T.
  int steps() const { return static_cast<int>(beta_.size()); }

  /// beta_t. Throws std::out_of_range unless 1 <= t <= T, as the others here do.
  double beta(int t) const { return beta_(place(t)); }

  /// alpha_bar_t = product of 1 - beta_s over s = 1 .. t: what is left of the sample's variance.
  /// Also for t = 0, where it is 1.
  /// @label eq:alpha-bar
  double alpha_bar(int t) const;
  /// 1 - alpha_bar_t, the noise's variance, without cancellation. Also for t = 0, where it is 0.
  double noise_variance(int t) const;

  /// log of the signal-to-noise ratio, alpha_bar_t / (1 - alpha_bar_t). t >= 1.
  double log_snr(int t) const;

  /// q(x_t | x_0) = N(sqrt(alpha_bar_t) x_0, (1 - alpha_bar_t) I), t layers in one step. x_0: D x
  /// n.
  /// @label eq:diffusion-forward
  template <class T>
  DiagonalNormal<T> forward(const Matrix<T>& x0, int t) const;

  /// Variance of q(x_{t-1} | x_t, x_0): beta_t (1 - alpha_bar_{t-1}) / (1 - alpha_bar_t). 0 at t
  /// = 1.
  double posterior_variance(int t) const;

  /// q(x_{t-1} | x_t, x_0), its mean
  ///   [sqrt(alpha_bar_{t-1}) beta_t x_0 + sqrt(1 - beta_t) (1 - alpha_bar_{t-1}) x_t]
  ///   / (1 - alpha_bar_t)
  /// (Ho, Jain and Abbeel 2020, equations 6 and 7). t >= 2: at t = 1 it is x_0 itself.
  /// @label eq:diffusion-posterior
  template <class T>
  DiagonalNormal<T> posterior(const Matrix<T>& xt, const Matrix<T>& x0, int t) const;

 private:
  Index place(int t) const;  // throws std::out_of_range unless 1 <= t <= T

  Vector<double> beta_, log_alpha_bar_;  // the second from t = 0 on
};

}  // namespace elbo
