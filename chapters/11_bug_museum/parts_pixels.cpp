// The museum's parts that concern the pixels, the k-sample bound and the optimiser.
#include <cmath>

#include "elbo/special.hpp"
#include "parts.hpp"

namespace chapter {

// --- Reconstruction ---

// [bernoulli]
// sum x eta - softplus(eta): the decoder gives logits.
Score bernoulli(const Matrix& x, const Matrix& eta, double) {
  const Matrix e = (-eta.array().abs()).exp();
  const Matrix softplus = eta.array().max(0) + (1 + e.array()).log();
  const Matrix mean = (eta.array() >= 0).select(1 / (1 + e.array()), e.array() / (1 + e.array()));
  return {(x.cwiseProduct(eta) - softplus).colwise().sum(), x - mean, Row::Zero(x.cols())};
}
// [bernoulli]

// [mean-reduction]
// The default of most libraries' losses: the mean over pixels. The KL term beside it is a sum.
Score bernoulli_mean(const Matrix& x, const Matrix& eta, double log_variance) {
  const Score sum = bernoulli(x, eta, log_variance);
  const double pixels = static_cast<double>(x.rows());
  return {sum.log_prob / pixels, sum.d_eta / pixels, sum.d_log_variance};  // right: the sum
}
// [mean-reduction]

// [sigmoid-twice]
// The decoder ends in a sigmoid, and the loss takes what it is given for logits.
Score bernoulli_sigmoid_twice(const Matrix& x, const Matrix& eta, double log_variance) {
  const Matrix once = 1 / (1 + (-eta.array()).exp());
  const Score score = bernoulli(x, once, log_variance);  // right: bernoulli(x, eta, ...)
  const Matrix slope = once.array() * (1 - once.array());
  return {score.log_prob, score.d_eta.cwiseProduct(slope), score.d_log_variance};
}
// [sigmoid-twice]

// [gaussian]
// -1/2 sum [log 2 pi + v + (x - eta)^2 e^-v]: one log-variance v for all pixels, learned.
Score gaussian(const Matrix& x, const Matrix& eta, double v) {
  const Matrix residual = x - eta;
  const Row squares = residual.colwise().squaredNorm() * std::exp(-v);
  const double pixels = static_cast<double>(x.rows());
  return {-0.5 * (pixels * (elbo::log_two_pi + v) + squares.array()), std::exp(-v) * residual,
          0.5 * (squares.array() - pixels)};
}
// [gaussian]

// [mse-without-variance]
// "MSE + KL". It is a Gaussian of variance 1/2, less its constant; nobody chose the 1/2.
Score squared_error(const Matrix& x, const Matrix& eta, double) {
  const Matrix residual = x - eta;
  return {-residual.colwise().squaredNorm(), 2 * residual, Row::Zero(x.cols())};  // right: gaussian
}
// [mse-without-variance]

// --- The bound of k samples ---

// [log-of-mean]
Bound log_of_mean(const Matrix& log_weights) {
  Bound bound{Row(log_weights.cols()), Matrix(log_weights.rows(), log_weights.cols())};
  for (Index i = 0; i < log_weights.cols(); ++i) {
    bound.value(i) = elbo::log_mean_exp(log_weights.col(i));
    bound.weight.col(i) = (log_weights.col(i).array() - bound.value(i)).exp();
  }
  bound.weight /= static_cast<double>(log_weights.rows());
  return bound;
}
// [log-of-mean]

// [average-log-weights]
// The logarithm went inside the average again: this is the ELBO, by k draws, for any k.
Bound mean_of_log(const Matrix& log_weights) {
  const double k = static_cast<double>(log_weights.rows());
  return {log_weights.colwise().mean(),  // right: log_mean_exp(log_weights)
          Matrix::Constant(log_weights.rows(), log_weights.cols(), 1 / k)};
}
// [average-log-weights]

// --- Adam ---

// [bias-correction]
// m and v are means of t gradients and of the zero they started at, whose share is beta^t.
Correction bias_correction(long t) {
  const double steps = static_cast<double>(t);
  return {1 - std::pow(beta1, steps), 1 - std::pow(beta2, steps)};
}
// [bias-correction]

// [no-bias-correction]
Correction no_bias_correction(long) {
  return {1, 1};  // right: 1 - beta^t
}
// [no-bias-correction]

}  // namespace chapter
