#include "elbo/distributions.hpp"

#include <cmath>
#include <stdexcept>

#include "elbo/shape.hpp"
#include "elbo/special.hpp"

namespace elbo {

// --- DiagonalNormal ---

template <class T>
DiagonalNormal<T> DiagonalNormal<T>::standard(Index d, Index n) {
  return {Matrix<T>::Zero(d, n), Matrix<T>::Zero(d, n)};
}

template <class T>
DiagonalNormal<T> DiagonalNormal<T>::from_scale(const Matrix<T>& mean, const Matrix<T>& scale) {
  check_same_shape("DiagonalNormal: scale", scale, mean);
  if (!(scale.array() > T(0)).all()) {
    throw std::invalid_argument("DiagonalNormal: every scale must be positive");
  }
  return {mean, (T(2) * scale.array().log()).matrix()};
}

template <class T>
RowVector<T> DiagonalNormal<T>::log_prob(const Matrix<T>& z) const {
  check_same_shape("DiagonalNormal::log_prob: z", z, mean);
  const Array<T> distance = (z - mean).array().square() * (-log_variance.array()).exp();
  return T(-0.5) * (T(log_two_pi) + log_variance.array() + distance).colwise().sum();
}

template <class T>
RowVector<T> DiagonalNormal<T>::entropy() const {
  return T(0.5) * (T(1 + log_two_pi) + log_variance.array()).colwise().sum();
}

template <class T>
Matrix<T> DiagonalNormal<T>::rsample(const Matrix<T>& eps) const {
  check_same_shape("DiagonalNormal::rsample: eps", eps, mean);
  return mean.array() + (T(0.5) * log_variance.array()).exp() * eps.array();
}

// --- Normal ---

template <class T>
Normal<T>::Normal(Vector<T> mean, Matrix<T> covariance)
    : mean_(std::move(mean)), covariance_(std::move(covariance)) {
  check_shape("Normal: covariance", covariance_, mean_.size(), mean_.size());
  cholesky_.compute(covariance_);
  if (cholesky_.info() != Eigen::Success || !covariance_.allFinite()) {  // LLT lets NaN through
    throw std::invalid_argument("Normal: the covariance is not positive definite");
  }
}

template <class T>
T Normal<T>::log_determinant() const {
  return T(2) * Matrix<T>(cholesky_.matrixL()).diagonal().array().log().sum();
}

template <class T>
RowVector<T> Normal<T>::log_prob(const Matrix<T>& z) const {
  check_rows("Normal::log_prob: z", z, dimension());
  const Matrix<T> white = cholesky_.matrixL().solve(z.colwise() - mean_);  // L^-1 (z - m)
  const T constant = T(log_two_pi) * T(dimension()) + log_determinant();
  return T(-0.5) * (white.colwise().squaredNorm().array() + constant);
}

template <class T>
T Normal<T>::entropy() const {
  return T(0.5) * (T(1 + log_two_pi) * T(dimension()) + log_determinant());
}

template <class T>
Matrix<T> Normal<T>::rsample(const Matrix<T>& eps) const {
  check_rows("Normal::rsample: eps", eps, dimension());
  return (cholesky_.matrixL() * eps).colwise() + mean_;
}

// --- Bernoulli ---

template <class T>
RowVector<T> Bernoulli<T>::log_prob(const Matrix<T>& x) const {
  check_same_shape("Bernoulli::log_prob: x", x, logits);
  return (x.cwiseProduct(logits) - logits.unaryExpr(&softplus<T>)).colwise().sum();
}

template <class T>
RowVector<T> Bernoulli<T>::entropy() const {
  return (logits.unaryExpr(&softplus<T>) - logits.cwiseProduct(mean())).colwise().sum();
}

template <class T>
Matrix<T> Bernoulli<T>::mean() const {
  return logits.unaryExpr(&sigmoid<T>);
}

template <class T>
Matrix<T> Bernoulli<T>::sample(const Matrix<T>& u) const {
  check_same_shape("Bernoulli::sample: u", u, logits);
  return (u.array() < mean().array()).template cast<T>();
}

// --- Categorical ---

template <class T>
Vector<T> Categorical<T>::log_probs() const {
  return logits.array() - log_sum_exp(logits);
}

template <class T>
T Categorical<T>::entropy() const {
  T sum = 0;
  for (const T log_p : log_probs()) {
    if (std::isfinite(log_p)) sum -= std::exp(log_p) * log_p;  // 0 log 0 = 0
  }
  return sum;
}

template <class T>
Index Categorical<T>::sample(T u) const {
  const Vector<T> log_p = log_probs();
  Index k = 0;
  for (T cumulative = std::exp(log_p(0)); cumulative <= u && k + 1 < log_p.size();) {
    cumulative += std::exp(log_p(++k));
  }
  return k;
}

// --- Mixture ---

template <class T>
Matrix<T> Mixture<T>::log_joint(const Matrix<T>& x) const {
  const Vector<T> log_weights = weights.log_probs();
  check_rows("Mixture: weights", log_weights, static_cast<Index>(components.size()));
  Matrix<T> joint(log_weights.size(), x.cols());
  for (Index k = 0; k < joint.rows(); ++k) {
    const RowVector<T> row = components[static_cast<std::size_t>(k)].log_prob(x);
    joint.row(k) = row.array() + log_weights(k);
  }
  return joint;
}

template <class T>
RowVector<T> Mixture<T>::log_prob(const Matrix<T>& x) const {
  const Matrix<T> joint = log_joint(x);
  RowVector<T> result(x.cols());
  for (Index i = 0; i < x.cols(); ++i) result(i) = log_sum_exp(joint.col(i));
  return result;
}

template <class T>
Matrix<T> Mixture<T>::sample(const RowVector<T>& u, const Matrix<T>& eps) const {
  Matrix<T> x(eps.rows(), eps.cols());
  for (Index i = 0; i < x.cols(); ++i) {
    const auto k = static_cast<std::size_t>(weights.sample(u(i)));
    x.col(i) = components[k].rsample(eps.col(i));
  }
  return x;
}

// --- KL divergences ---

// [kl-normal]
template <class T>
RowVector<T> kl_divergence(const DiagonalNormal<T>& q, const DiagonalNormal<T>& p) {
  check_same_shape("kl_divergence: p", p.mean, q.mean);
  check_same_shape("kl_divergence: log-variance", p.log_variance, q.log_variance);
  const Array<T> log_ratio = q.log_variance - p.log_variance;
  const Array<T> distance = (q.mean - p.mean).array().square() * (-p.log_variance.array()).exp();
  return T(0.5) * (log_ratio.expm1() - log_ratio + distance).colwise().sum();
}

template <class T>
RowVector<T> kl_from_standard_normal(const DiagonalNormal<T>& q) {
  const Array<T> s = q.log_variance;
  return T(0.5) * (s.expm1() - s + q.mean.array().square()).colwise().sum();
}

template <class T>
Matrix<T> kl_by_dimension(const DiagonalNormal<T>& q) {
  const Array<T> s = q.log_variance;
  return T(0.5) * (s.expm1() - s + q.mean.array().square());
}
// [kl-normal]

template <class T>
T kl_divergence(const Normal<T>& q, const Normal<T>& p) {
  check_rows("kl_divergence: p", p.mean(), q.dimension());
  const Vector<T> step = p.mean() - q.mean();
  const T trace = p.solve(q.covariance()).trace();
  const T distance = step.dot(Vector<T>(p.solve(step)));
  return T(0.5) * (trace + distance - T(q.dimension()) + p.log_determinant() - q.log_determinant());
}

template <class T>
RowVector<T> kl_divergence(const Bernoulli<T>& q, const Bernoulli<T>& p) {
  check_same_shape("kl_divergence: p", p.logits, q.logits);
  const Matrix<T> rest = q.mean().cwiseProduct(q.logits - p.logits);
  return (p.logits.unaryExpr(&softplus<T>) - q.logits.unaryExpr(&softplus<T>) + rest)
      .colwise()
      .sum();
}

template <class T>
T kl_divergence(const Categorical<T>& q, const Categorical<T>& p) {
  check_rows("kl_divergence: p", p.logits, q.logits.size());
  const Vector<T> log_q = q.log_probs(), log_p = p.log_probs();
  T sum = 0;
  for (Index k = 0; k < log_q.size(); ++k) {
    if (std::isfinite(log_q(k))) sum += std::exp(log_q(k)) * (log_q(k) - log_p(k));
  }
  return sum;
}

#define ELBO_INSTANTIATE(T)                                                                \
  template struct DiagonalNormal<T>;                                                       \
  template struct Bernoulli<T>;                                                            \
  template RowVector<T> kl_divergence(const DiagonalNormal<T>&, const DiagonalNormal<T>&); \
  template RowVector<T> kl_from_standard_normal(const DiagonalNormal<T>&);                 \
  template Matrix<T> kl_by_dimension(const DiagonalNormal<T>&);                            \
  template RowVector<T> kl_divergence(const Bernoulli<T>&, const Bernoulli<T>&);
ELBO_INSTANTIATE(float)
ELBO_INSTANTIATE(double)
#undef ELBO_INSTANTIATE

template class Normal<double>;
template struct Categorical<double>;
template struct Mixture<double>;
template double kl_divergence(const Normal<double>&, const Normal<double>&);
template double kl_divergence(const Categorical<double>&, const Categorical<double>&);

}  // namespace elbo
