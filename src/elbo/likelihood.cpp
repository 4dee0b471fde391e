#include "elbo/likelihood.hpp"

#include <algorithm>
#include <cmath>

#include "elbo/distributions.hpp"
#include "elbo/shape.hpp"
#include "elbo/special.hpp"

namespace elbo {
namespace {

// -1/2 [D (log 2 pi + v) + |x - eta|^2 e^-v], given residual = x - eta.
template <class T>
RowVector<T> gaussian_log_prob(const Matrix<T>& residual, T v) {
  const T constant = T(residual.rows()) * (T(log_two_pi) + v);
  return T(-0.5) * (constant + std::exp(-v) * residual.colwise().squaredNorm().array());
}

template <class T>
using Column = Eigen::Array<T, Eigen::Dynamic, 1>;

// sum_i log(1 + e_i) for 0 <= e_i <= 1, as the logarithm of products: 100 factors, at most 2 each,
// do not overflow a float, and one logarithm serves them all.
template <class T>
T sum_log1p(const Column<T>& e) {
  constexpr Index some = 96;
  T sum = 0;
  for (Index i = 0; i < e.size(); i += some) {
    sum += std::log((T(1) + e.segment(i, std::min(some, e.size() - i))).prod());
  }
  return sum;
}

// One pass over a column: e = exp(-|eta|) serves both softplus(eta) = max(eta, 0) + log(1 + e) and
// sigmoid(eta) = 1 / (1 + e), or e / (1 + e) where eta < 0.
template <class T>
RowVector<T> bernoulli_gradient(const Matrix<T>& x, const Matrix<T>& eta, Matrix<T>& d_eta) {
  RowVector<T> log_p(x.cols());
  d_eta.resize(x.rows(), x.cols());
  Column<T> a, b, e, r;
  for (Index j = 0; j < x.cols(); ++j) {
    a = eta.col(j), b = x.col(j);
    e = (-a.abs()).exp();
    r = (T(1) + e).inverse();
    log_p(j) = (b * a - a.max(T(0))).sum() - sum_log1p(e);
    d_eta.col(j) = (b - (a >= T(0)).select(r, e * r)).matrix();
  }
  return log_p;
}

template <class T>
RowVector<T> bernoulli_log_prob(const Matrix<T>& x, const Matrix<T>& eta) {
  RowVector<T> log_p(x.cols());
  Column<T> e;
  for (Index j = 0; j < x.cols(); ++j) {
    const auto a = eta.col(j).array(), b = x.col(j).array();
    e = (-a.abs()).exp();
    log_p(j) = (b * a - a.max(T(0))).sum() - sum_log1p(e);
  }
  return log_p;
}

}  // namespace

std::string to_string(Likelihood likelihood) {
  if (likelihood == Likelihood::bernoulli) return "bernoulli";
  return likelihood == Likelihood::gaussian ? "gaussian" : "gaussian-learned";
}

template <class T>
RowVector<T> log_likelihood(Likelihood likelihood, const Matrix<T>& x, const Matrix<T>& eta,
                            T log_variance) {
  check_same_shape("log_likelihood: eta", eta, x);
  if (likelihood == Likelihood::bernoulli) return bernoulli_log_prob(x, eta);
  const T v = likelihood == Likelihood::gaussian ? T(0) : log_variance;
  return gaussian_log_prob<T>(x - eta, v);
}

template <class T>
RowVector<T> log_likelihood_gradient(Likelihood likelihood, const Matrix<T>& x,
                                     const Matrix<T>& eta, T log_variance, Matrix<T>& d_eta,
                                     Matrix<T>& d_log_variance) {
  check_same_shape("log_likelihood_gradient: eta", eta, x);
  d_log_variance.setZero(1, x.cols());
  if (likelihood == Likelihood::bernoulli) return bernoulli_gradient(x, eta, d_eta);
  const T v = likelihood == Likelihood::gaussian ? T(0) : log_variance;
  const T precision = std::exp(-v);
  const Matrix<T> residual = x - eta;
  d_eta = precision * residual;
  if (likelihood == Likelihood::gaussian_learned) {
    d_log_variance.array() =
        T(0.5) * (precision * residual.colwise().squaredNorm().array() - T(residual.rows()));
  }
  return gaussian_log_prob(residual, v);
}

template <class T>
Matrix<T> likelihood_mean(Likelihood likelihood, const Matrix<T>& eta) {
  return likelihood == Likelihood::bernoulli ? Bernoulli<T>{eta}.mean() : eta;
}

#define ELBO_INSTANTIATE(T)                                                                        \
  template RowVector<T> log_likelihood(Likelihood, const Matrix<T>&, const Matrix<T>&, T);         \
  template RowVector<T> log_likelihood_gradient(Likelihood, const Matrix<T>&, const Matrix<T>&, T, \
                                                Matrix<T>&, Matrix<T>&);                           \
  template Matrix<T> likelihood_mean(Likelihood, const Matrix<T>&);
ELBO_INSTANTIATE(float)
ELBO_INSTANTIATE(double)
#undef ELBO_INSTANTIATE

}  // namespace elbo
