// Mixtures of normals fitted by EM: the ELBO climbed one coordinate at a time.
#pragma once

#include "elbo/distributions.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// sum_i [sum_k r_ki log p(x_i, k) - r_ki log r_ki], the ELBO of the whole set when q(k | x_i) =
/// r_ki. x: D x n, responsibilities: m x n with columns that sum to 1.
/// @label eq:mixture-elbo
double mixture_elbo(const Mixture<double>& model, const Matrix<double>& x,
                    const Matrix<double>& responsibilities);

/// The E-step: r_ki = p(k | x_i) = p(x_i, k) / p(x_i), the q that closes the gap. -> m x n.
/// @label eq:e-step
Matrix<double> e_step(const Mixture<double>& model, const Matrix<double>& x);

/// The M-step: the model that maximises the ELBO for fixed responsibilities, in closed form:
/// weighted counts, means and covariances (Dempster, Laird and Rubin 1977). `ridge` is added to
/// every variance, so that a component which has caught a single point keeps a density. Throws
/// std::invalid_argument when a component has none at all.
/// @label eq:m-step
Mixture<double> m_step(const Matrix<double>& x, const Matrix<double>& responsibilities,
                       double ridge = 0.0);

}  // namespace elbo
