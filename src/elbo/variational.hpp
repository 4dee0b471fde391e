// q as plain numbers: what is tuned by hand for one datum, or put out by an encoder for all of
// them.
//
//   phi = (mean, log_variance, slopes),   z = mean + scale * (eps + slopes eps)
//
// One column of phi a datum. Without slopes q is mean-field: its coordinates are independent. With
// them, one for each pair, any covariance can be had. Who supplies phi is another question, and has
// nothing to do with this one: both kinds can be climbed to datum by datum, or be amortised.
#pragma once

#include <cmath>
#include <stdexcept>

#include "elbo/shape.hpp"
#include "elbo/special.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// Which slopes there are: none, or one for each pair of coordinates.
enum class Covariance { diagonal, full };

/// The normals in `latent` dimensions, by their numbers phi: size() x n, one column a datum. Draws
/// of noise, and of codes, are d x (n L), draw after draw: column l n + i belongs to datum i.
template <class T>
struct NormalFamily {
  Index latent = 2;                              ///< d
  Covariance covariance = Covariance::diagonal;  ///< mean-field, unless it is full

  /// d means, d log-variances, and d (d - 1) / 2 slopes where the covariance is full.
  Index size() const {
    return 2 * latent + (covariance == Covariance::full ? latent * (latent - 1) / 2 : 0);
  }

  /// z = mean + L eps with L = diag(scale) (I + A), A strictly below the diagonal, its rows the
  /// slopes in order. A = 0 is mean-field.
  /// @label eq:normal-family
  Matrix<T> rsample(const Matrix<T>& phi, const Matrix<T>& eps) const {
    const Index n = check(phi, eps);
    Matrix<T> z(latent, eps.cols());
    for (Index j = 0; j < eps.cols(); ++j) {
      const Index i = j % n;
      for (Index r = 0; r < latent; ++r) {
        z(r, j) = phi(r, i) + scale(phi, r, i) * mixed(phi, eps, r, i, j);
      }
    }
    return z;
  }

  /// log q(z) for z = rsample(phi, eps): -1/2 |eps|^2 - 1/2 sum_i log s_i^2 - d/2 log 2 pi, for I +
  /// A has determinant 1. -> 1 x (n L).
  RowVector<T> log_prob(const Matrix<T>& phi, const Matrix<T>& eps) const {
    const Index n = check(phi, eps);
    const RowVector<T> log_scales = T(0.5) * phi.middleRows(latent, latent).colwise().sum();
    return T(-0.5) * eps.colwise().squaredNorm() - log_scales.replicate(1, eps.cols() / n) -
           RowVector<T>::Constant(eps.cols(), T(0.5 * log_two_pi) * T(latent));
  }

  /// 1/2 sum_i log s_i^2 + d/2 (1 + log 2 pi) -> 1 x n: the slopes neither add nor take.
  RowVector<T> entropy(const Matrix<T>& phi) const {
    const RowVector<T> log_scales = T(0.5) * phi.middleRows(latent, latent).colwise().sum();
    return log_scales.array() + T(0.5 * (1 + log_two_pi)) * T(latent);
  }

  /// From dz = df/dz at the draws to df/dphi, averaged over the L draws of each datum: dz/dmean =
  /// 1, dz/dlog_variance = (z - mean) / 2, dz_r/dA_rc = scale_r eps_c. -> size() x n.
  Matrix<T> pull_back(const Matrix<T>& phi, const Matrix<T>& eps, const Matrix<T>& dz) const {
    const Index n = check(phi, eps);
    Matrix<T> d_phi = Matrix<T>::Zero(size(), n);
    for (Index j = 0; j < eps.cols(); ++j) {
      const Index i = j % n;
      Index slope = 2 * latent;
      for (Index r = 0; r < latent; ++r) {
        const T through_scale = dz(r, j) * scale(phi, r, i);
        d_phi(r, i) += dz(r, j);
        d_phi(latent + r, i) += T(0.5) * through_scale * mixed(phi, eps, r, i, j);
        if (covariance == Covariance::diagonal) continue;
        for (Index c = 0; c < r; ++c) d_phi(slope++, i) += through_scale * eps(c, j);
      }
    }
    return d_phi * (T(n) / T(eps.cols()));
  }

 private:
  Index check(const Matrix<T>& phi, const Matrix<T>& eps) const {
    check_rows("NormalFamily: phi", phi, size());
    check_rows("NormalFamily: eps", eps, latent);
    if (phi.cols() < 1 || eps.cols() < 1 || eps.cols() % phi.cols() != 0) {
      throw std::invalid_argument("NormalFamily: wanted as many draws of eps for every datum");
    }
    return phi.cols();
  }

  T scale(const Matrix<T>& phi, Index r, Index i) const {
    return std::exp(T(0.5) * phi(latent + r, i));
  }

  // Row r of (I + A) eps.
  T mixed(const Matrix<T>& phi, const Matrix<T>& eps, Index r, Index i, Index j) const {
    T sum = eps(r, j);
    if (covariance == Covariance::diagonal) return sum;
    for (Index c = 0; c < r; ++c) sum += phi(2 * latent + r * (r - 1) / 2 + c, i) * eps(c, j);
    return sum;
  }
};

/// ELBO = E_q[log p(x, z)] + entropy(q), the expectation by the draws eps, for each datum -> 1 x n;
/// its gradient by phi goes into d_phi (Kingma and Welling 2014, section 2.4). `log_joint(z, dz)`
/// gives log p(x, z) for d x (n L) codes, draw after draw, and dlog p/dz.
/// @label eq:pathwise-elbo
template <class T, class LogJoint>
RowVector<T> elbo_gradient(const NormalFamily<T>& family, const LogJoint& log_joint,
                           const Matrix<T>& phi, const Matrix<T>& eps, Matrix<T>& d_phi) {
  const Index n = phi.cols();
  Matrix<T> dz;
  const RowVector<T> log_p = log_joint(family.rsample(phi, eps), dz);
  d_phi = family.pull_back(phi, eps, dz);
  d_phi.middleRows(family.latent, family.latent).array() += T(0.5);  // of the entropy
  RowVector<T> bound = family.entropy(phi);
  for (Index j = 0; j < eps.cols(); ++j) bound(j % n) += log_p(j) * (T(n) / T(eps.cols()));
  return bound;
}

}  // namespace elbo
