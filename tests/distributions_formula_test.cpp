// Densities and entropies of a batch, entry by entry, against the textbook's formulas.
#include "distributions_table.hpp"
#include "elbo/random.hpp"

using namespace elbo;

namespace {

const Random numbers(11, Stream::play);

double normal_log_density(double x, double mean, double variance) {
  return std::log(std::exp(-0.5 * (x - mean) * (x - mean) / variance) /
                  std::sqrt(2.0 * std::numbers::pi * variance));
}

}  // namespace

TEST_CASE("diagonal normals, a batch", "[distributions][eq:normal-log-prob][eq:normal-entropy]") {
  const Index d = 3, n = 4;
  const DiagonalNormal<double> p{numbers.normal<double>(d, n), numbers.normal<double>(d, n, 100)};
  const Matrix<double> z = numbers.normal<double>(d, n, 200);
  const RowVector<double> log_p = p.log_prob(z), entropy = p.entropy();
  REQUIRE((log_p.size() == n && entropy.size() == n));
  for (Index i = 0; i < n; ++i) {
    double sum = 0, entropy_sum = 0;
    for (Index r = 0; r < d; ++r) {
      const double variance = std::exp(p.log_variance(r, i));
      sum += normal_log_density(z(r, i), p.mean(r, i), variance);
      entropy_sum += 0.5 * std::log(2.0 * std::numbers::pi * std::numbers::e * variance);
    }
    CHECK_THAT(log_p(i), WithinAbs(sum, 1e-13));
    CHECK_THAT(entropy(i), WithinAbs(entropy_sum, 1e-13));
  }
  const DiagonalNormal<float> q{p.mean.cast<float>(), p.log_variance.cast<float>()};
  CHECK(max_difference(q.log_prob(z.cast<float>()).cast<double>(), log_p) < 1e-5);
}

TEST_CASE("from_scale takes standard deviations", "[distributions]") {
  const Matrix<double> mean = numbers.normal<double>(2, 3), scale = numbers.uniform<double>(2, 3);
  const DiagonalNormal<double> p = DiagonalNormal<double>::from_scale(mean, scale);
  CHECK(p.mean == mean);
  for (Index i = 0; i < scale.size(); ++i) {
    CHECK_THAT(std::exp(p.log_variance.data()[i]),
               WithinRel(scale.data()[i] * scale.data()[i], 1e-14));
  }
  for (const double bad : {0.0, -1.0, std::nan("")}) {
    const Matrix<double> scales = column({1.0, bad});
    CHECK(
        contains(refusal([&] { DiagonalNormal<double>::from_scale(scales, scales); }), "positive"));
  }
}

TEST_CASE("normal with full covariance, 3 x 3 by cofactors",
          "[distributions][eq:normal-full-log-prob][eq:normal-full-entropy]") {
  Matrix<double> s(3, 3);
  s << 2.25, 0.6, -1.65, 0.6, 0.8, -0.2, -1.65, -0.2, 5.3;
  const Vector<double> mean = column({0.3, -1.0, 2.0});
  const Normal<double> p(mean, s);
  // The inverse and the determinant by the schoolbook.
  const auto cofactor = [&s](Index r, Index c) {
    const Index a = (r + 1) % 3, b = (r + 2) % 3, e = (c + 1) % 3, f = (c + 2) % 3;
    return s(a, e) * s(b, f) - s(a, f) * s(b, e);
  };
  double det = 0;
  for (Index c = 0; c < 3; ++c) det += s(0, c) * cofactor(0, c);
  CHECK_THAT(p.log_determinant(), WithinAbs(std::log(det), 1e-13));
  CHECK_THAT(p.entropy(), WithinAbs(0.5 * (3 + 3 * log_2pi + std::log(det)), 1e-13));

  const Matrix<double> z = numbers.normal<double>(3, 4);
  const RowVector<double> log_p = p.log_prob(z);
  REQUIRE(log_p.size() == 4);
  for (Index i = 0; i < 4; ++i) {
    double square = 0;
    for (Index r = 0; r < 3; ++r) {
      for (Index c = 0; c < 3; ++c) {
        square += (z(r, i) - mean(r)) * cofactor(r, c) / det * (z(c, i) - mean(c));
      }
    }
    CHECK_THAT(log_p(i), WithinAbs(-0.5 * (3 * log_2pi + std::log(det) + square), 1e-12));
  }
}

TEST_CASE("coins, a batch", "[distributions][eq:bernoulli-log-prob][eq:bernoulli-entropy]") {
  const Index d = 3, n = 4;
  const Bernoulli<double> p{3.0 * numbers.normal<double>(d, n)};
  Matrix<double> x = numbers.uniform<double>(d, n);  // grey: the formula is linear in x
  x.col(0) << 1, 0, 1;
  const RowVector<double> log_p = p.log_prob(x), entropy = p.entropy();
  const Matrix<double> mean = p.mean();
  for (Index i = 0; i < n; ++i) {
    double sum = 0, entropy_sum = 0;
    for (Index r = 0; r < d; ++r) {
      const double chance = 1.0 / (1.0 + std::exp(-p.logits(r, i)));
      CHECK_THAT(mean(r, i), WithinAbs(chance, 1e-15));
      sum += x(r, i) * std::log(chance) + (1 - x(r, i)) * std::log(1 - chance);
      entropy_sum -= chance * std::log(chance) + (1 - chance) * std::log(1 - chance);
    }
    CHECK_THAT(log_p(i), WithinAbs(sum, 1e-12));
    CHECK_THAT(entropy(i), WithinAbs(entropy_sum, 1e-12));
  }
}

TEST_CASE("coins that are all but certain", "[distributions][eq:bernoulli-entropy]") {
  for (const double logit : {-1000.0, 1000.0}) {
    const Bernoulli<double> p{column({logit})};
    CHECK(p.entropy()(0) == 0.0);
    CHECK(p.log_prob(column({logit > 0 ? 1.0 : 0.0}))(0) == 0.0);
    CHECK(p.log_prob(column({logit > 0 ? 0.0 : 1.0}))(0) == -1000.0);
  }
}

TEST_CASE("softmax", "[distributions][eq:softmax]") {
  const Categorical<double> p{column({0.3, -2.1, 4.0, 1.4})};
  long double total = 0;
  for (const double l : p.logits) total += std::exp(static_cast<long double>(l));
  for (Index k = 0; k < 4; ++k) {
    const long double chance = std::exp(static_cast<long double>(p.logits(k))) / total;
    CHECK_THAT(p.log_probs()(k), WithinAbs(static_cast<double>(std::log(chance)), 1e-15));
    CHECK(p.log_prob(k) == p.log_probs()(k));
  }
  const Categorical<double> shifted{p.logits.array() + 1000.0};
  CHECK(max_difference(shifted.log_probs(), p.log_probs()) < 1e-12);
}

TEST_CASE("mixture density, term by term", "[distributions][eq:mixture-log-prob]") {
  const Mixture<double> p{{column({0.2, -1.0})},
                          {{column({-3.0}), column({1.3})}, {column({2.0}), column({0.4})}}};
  const double w = 1.0 / (1.0 + std::exp(-1.2));  // exp(0.2) / (exp(0.2) + exp(-1))
  Matrix<double> x(1, 4);
  x << -4.0, -1.0, 0.7, 2.2;
  const Matrix<double> joint = p.log_joint(x);
  const RowVector<double> log_p = p.log_prob(x);
  REQUIRE((joint.rows() == 2 && joint.cols() == 4));
  for (Index i = 0; i < 4; ++i) {
    const double a = std::log(w) + normal_log_density(x(0, i), -3.0, 1.3);
    const double b = std::log(1 - w) + normal_log_density(x(0, i), 2.0, 0.4);
    CHECK_THAT(joint(0, i), WithinAbs(a, 1e-13));
    CHECK_THAT(joint(1, i), WithinAbs(b, 1e-13));
    CHECK_THAT(log_p(i), WithinAbs(std::log(std::exp(a) + std::exp(b)), 1e-13));
  }
  // Far out, where both terms are 0 in a double, the logarithm is still right.
  const double far = p.log_prob(column({-1000.0}))(0);
  CHECK_THAT(far,
             WithinRel(std::log(w) - 0.5 * (log_2pi + std::log(1.3) + 997.0 * 997.0 / 1.3), 1e-14));
}
