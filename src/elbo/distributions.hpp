// The distributions of the book. All logarithms are natural, all information is in nats.
//
// Each knows log_prob and entropy, and how to turn noise into a sample. The noise is always an
// argument: `rsample(eps)` is a differentiable function of the parameters, `sample(u)` is not.
#pragma once

#include <Eigen/Cholesky>
#include <vector>

#include "elbo/types.hpp"

namespace elbo {

/// n independent normals with diagonal covariance, one per column: N(mean,
/// diag(exp(log_variance))). mean, log_variance: d x n.
template <class T>
struct DiagonalNormal {
  Matrix<T> mean;          ///< d x n
  Matrix<T> log_variance;  ///< log s^2 of every entry, d x n

  /// n copies of N(0, I) in d dimensions.
  static DiagonalNormal standard(Index d, Index n = 1);
  /// From the standard deviation, which must be positive. Throws std::invalid_argument.
  static DiagonalNormal from_scale(const Matrix<T>& mean, const Matrix<T>& scale);

  /// -1/2 sum_i [log 2 pi + log s_i^2 + (z_i - m_i)^2 / s_i^2], z: d x n -> 1 x n.
  /// @label eq:normal-log-prob
  RowVector<T> log_prob(const Matrix<T>& z) const;

  /// 1/2 sum_i [1 + log 2 pi + log s_i^2] -> 1 x n. May be negative.
  /// @label eq:normal-entropy
  RowVector<T> entropy() const;

  /// z = mean + scale * eps, eps ~ N(0, I) of shape d x n (Kingma and Welling 2014, section 2.4).
  /// @label eq:reparameterization
  Matrix<T> rsample(const Matrix<T>& eps) const;
};

/// One normal with full covariance, N(mean, covariance): mean d, covariance d x d, positive
/// definite. Throws std::invalid_argument when the shapes disagree or the covariance is not
/// positive definite.
template <class T>
class Normal {
 public:
  /// Takes the covariance apart, once. Throws as said above.
  Normal(Vector<T> mean, Matrix<T> covariance);

  /// d numbers.
  const Vector<T>& mean() const { return mean_; }
  /// d x d.
  const Matrix<T>& covariance() const { return covariance_; }
  /// d.
  Index dimension() const { return mean_.size(); }
  /// log det covariance = 2 sum_i log L_ii, with covariance = L L'.
  T log_determinant() const;
  /// covariance^-1 b, by the Cholesky factor.
  Matrix<T> solve(const Matrix<T>& b) const { return cholesky_.solve(b); }

  /// -1/2 [d log 2 pi + log det S + (z - m)' S^-1 (z - m)], z: d x n -> 1 x n.
  /// @label eq:normal-full-log-prob
  RowVector<T> log_prob(const Matrix<T>& z) const;

  /// 1/2 [d + d log 2 pi + log det S].
  /// @label eq:normal-full-entropy
  T entropy() const;

  /// z = m + L eps, eps: d x n.
  Matrix<T> rsample(const Matrix<T>& eps) const;

 private:
  Vector<T> mean_;
  Matrix<T> covariance_;
  Eigen::LLT<Matrix<T>> cholesky_;
};

/// n columns of D independent coins, by their logits (log-odds). logits: D x n.
template <class T>
struct Bernoulli {
  Matrix<T> logits;  ///< of every coin, D x n

  /// sum_i [x_i l_i - softplus(l_i)], x: D x n -> 1 x n. For x in {0, 1} a log-probability; for x
  /// between, the cross-entropy of the usual VAE loss, which is not one.
  /// @label eq:bernoulli-log-prob
  RowVector<T> log_prob(const Matrix<T>& x) const;

  /// sum_i [softplus(l_i) - l_i sigmoid(l_i)] -> 1 x n. Never negative.
  /// @label eq:bernoulli-entropy
  RowVector<T> entropy() const;

  /// The probabilities sigmoid(logits).
  Matrix<T> mean() const;

  /// 1 where u < sigmoid(logits), u uniform of shape D x n. Not differentiable: hence no `rsample`.
  Matrix<T> sample(const Matrix<T>& u) const;
};

/// One distribution over m outcomes, by unnormalised log-probabilities.
template <class T>
struct Categorical {
  Vector<T> logits;  ///< m numbers; a constant added to all changes nothing

  /// log p_k = logits_k - log sum_j exp(logits_j), for all k at once.
  /// @label eq:softmax
  Vector<T> log_probs() const;
  /// log p_k of one outcome, k = 0 .. m - 1.
  T log_prob(Index k) const { return log_probs()(k); }

  /// -sum_k p_k log p_k, between 0 and log m.
  /// @label eq:entropy
  T entropy() const;

  /// The outcome whose cumulative probability first exceeds u in (0, 1).
  Index sample(T u) const;
};

/// p(x) = sum_k w_k N(x; m_k, S_k). No closed-form entropy: that is why chapter 1 samples.
template <class T>
struct Mixture {
  Categorical<T> weights;             ///< w_k, over the m components
  std::vector<Normal<T>> components;  ///< N(m_k, S_k), all in D dimensions

  /// log_joint(k, i) = log w_k + log N(x_i; m_k, S_k), x: D x n -> m x n.
  Matrix<T> log_joint(const Matrix<T>& x) const;

  /// log sum_k exp log_joint(k, i) -> 1 x n.
  /// @label eq:mixture-log-prob
  RowVector<T> log_prob(const Matrix<T>& x) const;

  /// Column i: the component chosen by u(i), then rsample of eps.col(i). u: 1 x n, eps: D x n.
  Matrix<T> sample(const RowVector<T>& u, const Matrix<T>& eps) const;
};

/// KL(q || p) = 1/2 sum_i [(s_q^2 + (m_q - m_p)^2) / s_p^2 - 1 - log s_q^2 + log s_p^2] -> 1 x n.
/// @label eq:kl-normal
template <class T>
RowVector<T> kl_divergence(const DiagonalNormal<T>& q, const DiagonalNormal<T>& p);

/// KL(q || N(0, I)) = 1/2 sum_i [s_i^2 + m_i^2 - 1 - log s_i^2] -> 1 x n
/// (Kingma and Welling 2014, appendix B, with the sign turned).
/// @label eq:kl-standard-normal
template <class T>
RowVector<T> kl_from_standard_normal(const DiagonalNormal<T>& q);

/// The same, each dimension by itself: 1/2 [s_i^2 + m_i^2 - 1 - log s_i^2] -> d x n. Nearly 0 where
/// a code carries nothing.
/// @label eq:kl-by-dimension
template <class T>
Matrix<T> kl_by_dimension(const DiagonalNormal<T>& q);

/// KL(q || p) = 1/2 [tr(S_p^-1 S_q) + (m_p - m_q)' S_p^-1 (m_p - m_q) - d + log det S_p/det S_q].
/// @label eq:kl-normal-full
template <class T>
T kl_divergence(const Normal<T>& q, const Normal<T>& p);

/// sum_i [softplus(l_p) - softplus(l_q) + sigmoid(l_q) (l_q - l_p)] -> 1 x n.
/// @label eq:kl-bernoulli
template <class T>
RowVector<T> kl_divergence(const Bernoulli<T>& q, const Bernoulli<T>& p);

/// sum_k q_k log(q_k / p_k); outcomes with q_k = 0 add nothing.
/// @label eq:kl
template <class T>
T kl_divergence(const Categorical<T>& q, const Categorical<T>& p);

}  // namespace elbo
