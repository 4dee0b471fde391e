// Special functions and distributions against SciPy's numbers (reference/make_reference.py).
#include <limits>

#include "distributions_table.hpp"
#include "elbo/special.hpp"
#include "reference/scipy.inc"

using namespace elbo;

namespace {

// 1e-13: some roundings of sums of a few terms of size 10, on either side.
constexpr double tolerance = 1e-13;

}  // namespace

TEST_CASE("SciPy: special functions", "[reference][eq:sigmoid][eq:softplus][eq:log-sum-exp]") {
  for (std::size_t i = 0; i < std::size(reference::special_at); ++i) {
    const double a = reference::special_at[i];
    INFO("at " << a);
    CHECK_THAT(sigmoid(a), WithinRel(reference::sigmoid[i], 1e-15));
    CHECK_THAT(softplus(a), WithinRel(reference::softplus[i], 1e-15));
  }
  CHECK(log_sum_exp(matrix_of(reference::special_at, 5, 2)) == reference::log_sum_exp[0]);
}

TEST_CASE("SciPy: normals",
          "[reference][eq:normal-log-prob][eq:normal-entropy][eq:normal-full-log-prob]"
          "[eq:normal-full-entropy]") {
  using namespace reference;
  const DiagonalNormal<double> p = DiagonalNormal<double>::from_scale(
      matrix_of(normal_mean, 2, 3), matrix_of(normal_scale, 2, 3));
  CHECK(max_difference(p.log_prob(matrix_of(normal_at, 2, 3)), matrix_of(normal_log_prob, 1, 3)) <
        tolerance);
  CHECK(max_difference(p.entropy(), matrix_of(normal_entropy, 1, 3)) < tolerance);

  const Normal<double> full(matrix_of(full_mean, 3, 1), matrix_of(full_covariance, 3, 3));
  CHECK(max_difference(full.log_prob(matrix_of(full_at, 3, 4)), matrix_of(full_log_prob, 1, 4)) <
        tolerance);
  CHECK_THAT(full.entropy(), WithinAbs(full_entropy[0], tolerance));
}

TEST_CASE("SciPy: countable distributions",
          "[reference][eq:softmax][eq:entropy][eq:kl][eq:bernoulli-entropy][eq:kl-bernoulli]") {
  using namespace reference;
  const Categorical<double> q{matrix_of(logits_q, 5, 1)}, p{matrix_of(logits_p, 5, 1)};
  CHECK(max_difference(q.log_probs(), matrix_of(categorical_log_probs, 5, 1)) < tolerance);
  CHECK_THAT(q.entropy(), WithinAbs(categorical_entropy[0], tolerance));
  CHECK_THAT(kl_divergence(q, p), WithinAbs(categorical_kl[0], tolerance));

  const Bernoulli<double> coins_q{q.logits}, coins_p{p.logits};
  CHECK_THAT(coins_q.entropy()(0), WithinAbs(bernoulli_entropy[0], tolerance));
  CHECK_THAT(kl_divergence(coins_q, coins_p)(0), WithinAbs(bernoulli_kl[0], tolerance));
}
