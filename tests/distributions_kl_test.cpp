// Every closed form of a KL divergence against the integral (or the sum) it stands for.
#include <limits>

#include "distributions_table.hpp"

using namespace elbo;

namespace {

// Both directions by quadrature or enumeration, zero at equality, positive elsewhere. 1e-11: the
// roundings of a sum of thousands of terms of size 1.
template <class Distribution, class Kl>
void check_pair(const Space& space, const Distribution& q, const Distribution& p, Kl&& kl) {
  const double forward = kl(q, p), backward = kl(p, q);
  CHECK_THAT(forward, WithinAbs(expected_log_ratio(space, log_prob_of(q), log_prob_of(p)), 1e-11));
  CHECK_THAT(backward, WithinAbs(expected_log_ratio(space, log_prob_of(p), log_prob_of(q)), 1e-11));
  CHECK(forward > 0.01);
  CHECK(backward > 0.01);
  CHECK(std::abs(forward - backward) > 0.01);  // the pairs are chosen so that the order shows
  CHECK_THAT(kl(q, q), WithinAbs(0.0, 1e-14));
}

const auto batched = [](const auto& q, const auto& p) { return kl_divergence(q, p)(0); };
const auto single = [](const auto& q, const auto& p) { return kl_divergence(q, p); };

}  // namespace

TEST_CASE("KL of diagonal normals", "[distributions][eq:kl-normal]") {
  const DiagonalNormal<double> q{column({0.7, -1.2}), column({0.6, -0.9})};
  const DiagonalNormal<double> p{column({-0.2, 0.3}), column({-0.3, 0.8})};
  check_pair(plane(16, 0.1), q, p, batched);
}

TEST_CASE("KL of diagonal normals, column by column", "[distributions][eq:kl-normal]") {
  // Each column of a batch is its own pair: the naive formula, with scales, dimension by dimension.
  const double means[] = {0.1, -0.7, 1.9, 0.4, -2.0, 0.6},
               logs[] = {0.3, -1.0, 0.9, 0.0, -0.4, 1.1};
  const DiagonalNormal<double> q{matrix_of(means, 3, 2), matrix_of(logs, 3, 2)};
  const DiagonalNormal<double> p{matrix_of(logs, 3, 2), matrix_of(means, 3, 2) * 0.5};
  const RowVector<double> kl = kl_divergence(q, p);
  REQUIRE(kl.size() == 2);
  for (Index i = 0; i < 2; ++i) {
    double sum = 0;
    for (Index r = 0; r < 3; ++r) {
      const double s = std::exp(0.5 * q.log_variance(r, i)),
                   t = std::exp(0.5 * p.log_variance(r, i));
      const double step = q.mean(r, i) - p.mean(r, i);
      sum += std::log(t / s) + (s * s + step * step) / (2 * t * t) - 0.5;
    }
    CHECK_THAT(kl(i), WithinAbs(sum, 1e-14));
  }
}

TEST_CASE("KL from the standard normal", "[distributions][eq:kl-standard-normal]") {
  const double means[] = {0.7, -1.2, 0.0, 0.4}, logs[] = {0.6, -0.9, 1.0, -2.0};
  const DiagonalNormal<double> q{matrix_of(means, 2, 2), matrix_of(logs, 2, 2)};
  const RowVector<double> kl = kl_from_standard_normal(q);
  REQUIRE(kl.size() == 2);
  for (Index i = 0; i < 2; ++i) {
    const DiagonalNormal<double> one{q.mean.col(i), q.log_variance.col(i)};
    const LogProb prior = log_prob_of(DiagonalNormal<double>::standard(2));
    CHECK_THAT(kl(i),
               WithinAbs(expected_log_ratio(plane(16, 0.1), log_prob_of(one), prior), 1e-11));
    CHECK(kl(i) > 0.1);
  }
  const RowVector<double> zero = kl_from_standard_normal(DiagonalNormal<double>::standard(4, 3));
  CHECK(max_difference(zero, RowVector<double>::Zero(3)) < 1e-15);
}

TEST_CASE("KL from the standard normal, dimension by dimension",
          "[distributions][eq:kl-by-dimension]") {
  const double means[] = {0.7, -1.2, 0.0, 0.4, 2.0, 0.0}, logs[] = {0.6, -0.9, 1.0, -2.0, 0.0, 0.0};
  const DiagonalNormal<double> q{matrix_of(means, 3, 2), matrix_of(logs, 3, 2)};
  const Matrix<double> kl = kl_by_dimension(q);
  REQUIRE((kl.rows() == 3 && kl.cols() == 2));
  for (Index i = 0; i < kl.size(); ++i) {
    // The integral of q log(q / p), trapezoids over 12 scales to either side, written out.
    const double scale = std::exp(0.5 * logs[i]), h = 0.01;
    double integral = 0;
    for (int step = -1200; step <= 1200; ++step) {
      const double t = h * step, z = means[i] + scale * t;
      integral += h * std::exp(-0.5 * t * t) / std::sqrt(2 * std::numbers::pi) *
                  (0.5 * z * z - 0.5 * t * t - std::log(scale));
    }
    CHECK_THAT(kl(i), WithinAbs(integral, 1e-12));
  }
  CHECK(kl(2, 1) == 0.0);
}

TEST_CASE("KL of normals with full covariance", "[distributions][eq:kl-normal-full]") {
  const Normal<double> q(column({-0.4, 0.9}), symmetric(1.3, -0.6, 0.5));
  const Normal<double> p(column({0.5, 0.2}), symmetric(0.8, 0.5, 1.9));
  check_pair(plane(16, 0.1), q, p, single);
}

TEST_CASE("KL of coins", "[distributions][eq:kl-bernoulli]") {
  const Bernoulli<double> q{column({0.3, -2.1, 1.4})}, p{column({1.2, -0.4, -0.6})};
  check_pair(coins(3), q, p, batched);

  Bernoulli<double> many_q{Matrix<double>(3, 2)}, many_p{Matrix<double>(3, 2)};
  many_q.logits << q.logits, p.logits;
  many_p.logits << p.logits, q.logits;
  const RowVector<double> kl = kl_divergence(many_q, many_p);
  CHECK_THAT(kl(0), WithinAbs(batched(q, p), 1e-14));
  CHECK_THAT(kl(1), WithinAbs(batched(p, q), 1e-14));
  // Certain coins: no NaN from 0 log 0.
  CHECK(batched(Bernoulli<double>{column({1000.0})}, Bernoulli<double>{column({1000.0})}) == 0.0);
  CHECK_THAT(batched(Bernoulli<double>{column({1000.0})}, Bernoulli<double>{column({0.0})}),
             WithinAbs(std::log(2.0), 1e-12));
}

TEST_CASE("KL of categoricals", "[distributions][eq:kl]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Categorical<double> q{column({0.3, -2.1, 1.4, 0.0})}, p{column({1.2, -0.4, -0.6, 0.5})};
  check_pair(outcomes(4), q, p, single);

  // An outcome q never has adds nothing; one that p never has makes the divergence infinite.
  const Categorical<double> half{column({0.0, 0.0, -infinity})}, third{column({0.0, 0.0, 0.0})};
  CHECK_THAT(kl_divergence(half, third), WithinAbs(std::log(1.5), 1e-15));
  CHECK(kl_divergence(third, half) == infinity);
}
