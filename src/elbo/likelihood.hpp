// How a decoder's output becomes a density over pixels: three generalised linear models.
//
//   likelihood        output eta      mean of x        log p(x | eta)
//   bernoulli         logits          sigmoid(eta)     sum x eta - softplus(eta)
//   gaussian          mean            eta              -1/2 sum [log 2 pi + (x - eta)^2]
//   gaussian_learned  mean            eta              -1/2 sum [log 2 pi + v + (x - eta)^2 e^-v]
//
// In all three, dlog p/deta is the residual x - mean (divided by the variance e^v in the last). The
// one log-variance v of the last is a parameter, shared by all pixels (Rybkin, Daniilidis and
// Levine 2021, "Simple and effective VAE training with calibrated decoders").
#pragma once

#include <string>

#include "elbo/types.hpp"

namespace elbo {

/// What a pixel is, given the decoder's output: a coin, a normal of variance 1, or a normal of a
/// variance that is learned.
enum class Likelihood { bernoulli, gaussian, gaussian_learned };

/// "bernoulli", "gaussian", "gaussian-learned".
std::string to_string(Likelihood likelihood);

/// log p(x | eta), nats per image. x, eta: D x n -> 1 x n. `log_variance` is used by
/// gaussian_learned alone.
/// @label eq:likelihood
template <class T>
RowVector<T> log_likelihood(Likelihood likelihood, const Matrix<T>& x, const Matrix<T>& eta,
                            T log_variance);

/// The same, and its derivatives for each image: d_eta = dlog p/deta, D x n, and d_log_variance =
/// dlog p/dv, 1 x n (0 where the likelihood does not use v).
/// @label eq:likelihood-gradient
template <class T>
RowVector<T> log_likelihood_gradient(Likelihood likelihood, const Matrix<T>& x,
                                     const Matrix<T>& eta, T log_variance, Matrix<T>& d_eta,
                                     Matrix<T>& d_log_variance);

/// E[x | eta], D x n.
template <class T>
Matrix<T> likelihood_mean(Likelihood likelihood, const Matrix<T>& eta);

}  // namespace elbo
