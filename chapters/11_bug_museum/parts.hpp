// The parts of a training step that people get wrong, each right and wrong side by side.
//
// A part gives a value and its derivatives. The derivatives of a wrong part are the right ones of
// the wrong value, as automatic differentiation would have them: the bug is in what is computed,
// and the gradient follows it faithfully. (The one bug beyond that is Adam's.)
#pragma once

#include "elbo/distributions.hpp"
#include "elbo/random.hpp"
#include "elbo/types.hpp"

namespace chapter {

using elbo::Index;
using Matrix = elbo::Matrix<double>;
using Row = elbo::RowVector<double>;
using Code = elbo::DiagonalNormal<double>;  // what the encoder says of n images: d x n

// --- Noise: eps, d x n ---

Matrix normal_noise(const elbo::Random& random, Index d, Index n, std::uint64_t first);
Matrix small_noise(const elbo::Random& random, Index d, Index n, std::uint64_t first);
Matrix uniform_noise(const elbo::Random& random, Index d, Index n, std::uint64_t first);

// --- Sampling: z from the code and the noise; dz/dmean is 1 in all of them ---

struct Sample {
  Matrix z, dz_dlog_variance;  // d x n
};
Sample reparameterise(const Code& q, const Matrix& eps);
Sample log_variance_as_log_scale(const Code& q, const Matrix& eps);
Sample mean_alone(const Code& q, const Matrix& eps);

// --- KL(q || prior), one an image ---

struct Divergence {
  Row value;                      // 1 x n
  Matrix d_mean, d_log_variance;  // d x n
};
Divergence kl(const Code& q);
Divergence kl_without_half(const Code& q);
Divergence kl_of_wrong_sign(const Code& q);
Divergence kl_of_wrong_direction(const Code& q);

// --- Reconstruction: log p(x | z) from the decoder's output eta, D x n ---

struct Score {
  Row log_prob;        // 1 x n
  Matrix d_eta;        // D x n
  Row d_log_variance;  // 1 x n, of the one parameter that only `gaussian` has
};
Score bernoulli(const Matrix& x, const Matrix& eta, double log_variance);
Score bernoulli_mean(const Matrix& x, const Matrix& eta, double log_variance);
Score bernoulli_sigmoid_twice(const Matrix& x, const Matrix& eta, double log_variance);
Score gaussian(const Matrix& x, const Matrix& eta, double log_variance);
Score squared_error(const Matrix& x, const Matrix& eta, double log_variance);

// --- The bound of k samples, from their log-weights, k x n ---

struct Bound {
  Row value;      // 1 x n
  Matrix weight;  // its derivative by each log-weight, k x n
};
Bound log_of_mean(const Matrix& log_weights);
Bound mean_of_log(const Matrix& log_weights);

// --- What Adam divides its running means by at step t = 1, 2, ... ---

constexpr double beta1 = 0.9, beta2 = 0.999;
struct Correction {
  double m, v;
};
Correction bias_correction(long t);
Correction no_bias_correction(long t);

}  // namespace chapter
