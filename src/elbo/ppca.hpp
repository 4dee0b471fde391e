// Probabilistic principal component analysis: the latent-variable model where nothing is hidden
// behind an approximation (Tipping and Bishop 1999).
//
//   z ~ N(0, I_d),   x | z ~ N(W z + mean, noise_variance I_D)
//
// Evidence, posterior and ELBO are closed forms, so every estimate in the book can be held against
// this model. With D = d = 1 it is the linear-Gaussian toy of chapter 2.
#pragma once

#include "elbo/distributions.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// The model, and what can be said of it in closed form.
struct Ppca {
  Matrix<double> weight;        ///< W, D x d
  Vector<double> mean;          ///< D numbers
  double noise_variance = 1.0;  ///< of every pixel, given z

  /// p(x) = N(mean, W W' + noise_variance I).
  /// @label eq:ppca-evidence
  Normal<double> marginal() const;

  /// log p(x), x: D x n -> 1 x n.
  RowVector<double> log_evidence(const Matrix<double>& x) const { return marginal().log_prob(x); }

  /// log p(x | z) + log p(z), columns of x and z in pairs -> 1 x n.
  /// @label eq:ppca-joint
  RowVector<double> log_joint(const Matrix<double>& x, const Matrix<double>& z) const;

  /// The same, and dz = dlog p(x, z)/dz = W'(x - mean - W z) / noise_variance - z, d x n.
  /// @label eq:ppca-joint-gradient
  RowVector<double> log_joint_gradient(const Matrix<double>& x, const Matrix<double>& z,
                                       Matrix<double>& dz) const;

  /// M = W'W + noise_variance I; the posterior p(z | x) is N(M^-1 W'(x - mean), noise_variance
  /// M^-1). x: D x n -> d x n.
  /// @label eq:ppca-posterior
  Matrix<double> posterior_mean(const Matrix<double>& x) const;
  /// noise_variance M^-1, d x d: one covariance for all x.
  Matrix<double> posterior_covariance() const;

  /// E_q[log p(x | z)] - KL(q || p(z)) for a diagonal normal q per column of x, in closed form:
  /// E_q |x - mean - W z|^2 = |x - mean - W m|^2 + sum_ij W_ij^2 s_j^2. -> 1 x n.
  /// @label eq:ppca-elbo
  RowVector<double> elbo(const Matrix<double>& x, const DiagonalNormal<double>& q) const;

  /// The diagonal normals with the highest ELBO: the posterior's mean, and variances 1 / P_jj with
  /// P = M / noise_variance its precision. Never wider than the posterior, whose variances are
  /// (P^-1)_jj (Bishop 2006, equations 10.12 to 10.15).
  /// @label eq:ppca-mean-field
  DiagonalNormal<double> mean_field_posterior(const Matrix<double>& x) const;

  /// log p(x) - ELBO of that best diagonal normal = 1/2 [sum_j log P_jj - log det P]: the same for
  /// all x, 0 where P is diagonal.
  /// @label eq:ppca-approximation-gap
  double approximation_gap() const;

  /// ELBO of the best diagonal normal - ELBO of q = 1/2 [(m - m*)' P (m - m*) + sum_j (P_jj s_j^2
  /// - 1 - log P_jj s_j^2)], m* the posterior's mean (Cremer, Li and Duvenaud 2018, section 3, for
  /// this model). -> 1 x n.
  /// @label eq:ppca-amortization-gap
  RowVector<double> amortization_gap(const Matrix<double>& x,
                                     const DiagonalNormal<double>& q) const;
};

/// The maximum-likelihood model: with eigenvalues l_1 >= l_2 >= ... and eigenvectors U of the
/// sample covariance, noise_variance = mean of l_{d+1} .. l_D and W = U_d (L_d - noise_variance
/// I)^(1/2) (Tipping and Bishop 1999, equations 7 and 8, with rotation I). Needs 0 < d < D <= n.
/// @label eq:ppca-maximum-likelihood
Ppca ppca_maximum_likelihood(const Matrix<double>& x, Index d);

/// The same for a noise variance that is given: W = U_d (L_d - noise_variance I)_+^(1/2). A column
/// whose eigenvalue does not exceed the noise is 0, though nothing was approximated (Lucas et al.
/// 2019, "Don't Blame the ELBO!", section 4). Needs 0 < d <= D and noise_variance > 0.
/// @label eq:ppca-collapse
Ppca ppca_maximum_likelihood(const Matrix<double>& x, Index d, double noise_variance);

/// One step of EM (Tipping and Bishop 1999, appendix B). Never lowers the
/// likelihood. The mean stays what it is; start it at the sample mean.
/// @label eq:ppca-em
Ppca ppca_em_step(const Ppca& model, const Matrix<double>& x);

}  // namespace elbo
