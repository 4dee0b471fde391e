// The museum's parts that concern the code z: noise, sampling, KL.
#include "parts.hpp"

namespace chapter {

// --- Noise ---

// [normal-noise]
// eps ~ N(0, 1).
Matrix normal_noise(const elbo::Random& random, Index d, Index n, std::uint64_t first) {
  return random.normal<double>(d, n, first);
}
// [normal-noise]

// [noise-scale]
// A scale that somebody once set by hand, for prettier reconstructions. The KL term still believes
// in a noise of scale 1.
Matrix small_noise(const elbo::Random& random, Index d, Index n, std::uint64_t first) {
  return 0.01 * random.normal<double>(d, n, first);  // right: random.normal(...)
}
// [noise-scale]

// [uniform-noise]
// rand for randn: between 0 and 1, with mean 1/2 and variance 1/12.
Matrix uniform_noise(const elbo::Random& random, Index d, Index n, std::uint64_t first) {
  return random.uniform<double>(d, n, first);  // right: random.normal(...)
}
// [uniform-noise]

// --- Sampling ---

// [reparameterise]
Sample reparameterise(const Code& q, const Matrix& eps) {
  const Matrix scale = (0.5 * q.log_variance.array()).exp();
  const Matrix noise = scale.cwiseProduct(eps);
  return {q.mean + noise, 0.5 * noise};
}
// [reparameterise]

// [log-scale]
Sample log_variance_as_log_scale(const Code& q, const Matrix& eps) {
  const Matrix scale = q.log_variance.array().exp();  // right: (0.5 * log_variance).exp()
  const Matrix noise = scale.cwiseProduct(eps);
  return {q.mean + noise, noise};
}
// [log-scale]

// [z-is-mean]
Sample mean_alone(const Code& q, const Matrix&) {
  return {q.mean, Matrix::Zero(q.mean.rows(), q.mean.cols())};  // right: mean + scale * eps
}
// [z-is-mean]

// --- KL ---

// [kl]
// 1/2 sum [s^2 + m^2 - 1 - log s^2].
Divergence kl(const Code& q) {
  const Matrix variance = q.log_variance.array().exp();
  const Matrix terms = variance.array() + q.mean.array().square() - 1 - q.log_variance.array();
  return {0.5 * terms.colwise().sum(), q.mean, 0.5 * (variance.array() - 1)};
}
// [kl]

// [half-missing]
Divergence kl_without_half(const Code& q) {
  const Divergence right = kl(q);
  return {2 * right.value, 2 * right.d_mean, 2 * right.d_log_variance};  // right: without the 2s
}
// [half-missing]

// [kl-sign]
// The loss is to be -reconstruction + KL. Here somebody negated the sum and not the KL.
Divergence kl_of_wrong_sign(const Code& q) {
  const Divergence right = kl(q);
  return {-right.value, -right.d_mean, -right.d_log_variance};  // right: without the minus
}
// [kl-sign]

// [kl-direction]
// KL(p || q) = 1/2 sum [1/s^2 + m^2/s^2 - 1 + log s^2]: the prior's average, not q's.
Divergence kl_of_wrong_direction(const Code& q) {
  const Matrix precision = (-q.log_variance.array()).exp();
  const Matrix square = (1 + q.mean.array().square()) * precision.array();
  const Matrix terms = square.array() - 1 + q.log_variance.array();  // right: see kl
  return {0.5 * terms.colwise().sum(), q.mean.cwiseProduct(precision), 0.5 * (1 - square.array())};
}
// [kl-direction]

}  // namespace chapter
