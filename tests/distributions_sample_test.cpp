// Samples: the formula of each, and the moments of many, within their standard errors.
#include <array>

#include "distributions_table.hpp"
#include "elbo/random.hpp"

using namespace elbo;

namespace {

constexpr Index draws = 40000;

// The mean of every row and of every product of two centred rows.
void check_moments(const Matrix<double>& z, const Matrix<double>& mean,
                   const Matrix<double>& covariance) {
  for (Index r = 0; r < z.rows(); ++r) {
    MonteCarlo average;
    for (Index i = 0; i < z.cols(); ++i) average.add(z(r, i));
    INFO("row " << r);
    CHECK(average.distance(mean(r)) < sigmas);
    for (Index c = 0; c < z.rows(); ++c) {
      MonteCarlo product;
      for (Index i = 0; i < z.cols(); ++i) product.add((z(r, i) - mean(r)) * (z(c, i) - mean(c)));
      INFO("with row " << c);
      CHECK(product.distance(covariance(r, c)) < sigmas);
    }
  }
}

}  // namespace

TEST_CASE("reparameterised diagonal normal", "[distributions][eq:reparameterization]") {
  // The formula, a batch of unlike columns.
  const Random random(12, Stream::play);
  const DiagonalNormal<double> q{random.normal<double>(3, 4), random.normal<double>(3, 4, 50)};
  const Matrix<double> eps = random.normal<double>(3, 4, 100), z = q.rsample(eps);
  for (Index i = 0; i < z.size(); ++i) {
    const double scale = std::sqrt(std::exp(q.log_variance.data()[i]));
    CHECK_THAT(z.data()[i], WithinAbs(q.mean.data()[i] + scale * eps.data()[i], 1e-14));
  }
  // The density that the change of variables gives: log q(z) = log N(eps) - sum log scale.
  const RowVector<double> log_q = q.log_prob(z);
  for (Index i = 0; i < 4; ++i) {
    double sum = 0;
    for (Index r = 0; r < 3; ++r) {
      sum -= 0.5 * (log_2pi + eps(r, i) * eps(r, i) + q.log_variance(r, i));
    }
    CHECK_THAT(log_q(i), WithinAbs(sum, 1e-13));
  }
  // The moments.
  const Matrix<double> mean = column({0.7, -1.2}), log_variance = column({0.6, -0.9});
  const DiagonalNormal<double> many{mean.replicate(1, draws), log_variance.replicate(1, draws)};
  check_moments(many.rsample(random.normal<double>(2, draws, 1000)), mean,
                symmetric(std::exp(0.6), 0.0, std::exp(-0.9)));
}

TEST_CASE("reparameterised full normal", "[distributions]") {
  Matrix<double> s(3, 3);
  s << 2.25, 0.6, -1.65, 0.6, 0.8, -0.2, -1.65, -0.2, 5.3;
  const Vector<double> mean = column({0.3, -1.0, 2.0});
  const Normal<double> p(mean, s);
  // With the unit vectors for noise the sample shows L; L L' must be the covariance.
  const Matrix<double> z = p.rsample(Matrix<double>::Identity(3, 3));
  Matrix<double> product(3, 3);
  for (Index r = 0; r < 3; ++r) {
    for (Index c = 0; c < 3; ++c) {
      product(r, c) = 0;
      for (Index k = 0; k < 3; ++k) product(r, c) += (z(r, k) - mean(r)) * (z(c, k) - mean(c));
    }
  }
  CHECK(max_difference(product, s) < 1e-14);
  check_moments(p.rsample(Random(13, Stream::play).normal<double>(3, draws)), mean, s);
  CHECK((p.mean() == mean && p.covariance() == s && p.dimension() == 3));
}

TEST_CASE("coins fall by their chance", "[distributions]") {
  const Matrix<double> logits = column({0.3, -2.1, 1.4});
  const Bernoulli<double> p{logits.replicate(1, draws)};
  const Matrix<double> x = p.sample(Random(14, Stream::play).uniform<double>(3, draws));
  for (Index r = 0; r < 3; ++r) {
    MonteCarlo heads;
    for (Index i = 0; i < draws; ++i) {
      heads.add(x(r, i));
      if (x(r, i) != 0.0 && x(r, i) != 1.0) FAIL("a coin shows " << x(r, i));
    }
    CHECK(heads.distance(1.0 / (1.0 + std::exp(-logits(r)))) < sigmas);
  }
}

TEST_CASE("categorical samples invert the cumulative probability", "[distributions]") {
  const Categorical<double> p{column({std::log(0.2), std::log(0.5), std::log(0.3)})};
  const std::array<std::pair<double, Index>, 6> expected = {
      {{1e-9, 0}, {0.1999, 0}, {0.2001, 1}, {0.6999, 1}, {0.7001, 2}, {0.999999999, 2}}};
  for (const auto& [u, k] : expected) CHECK(p.sample(u) == k);
  // An outcome of probability 0 never comes, not even first or last.
  constexpr double never = -std::numeric_limits<double>::infinity();
  const Categorical<double> middle{column({never, 0.0, never})};
  for (const double u : {1e-9, 0.5, 1 - 1e-9}) CHECK(middle.sample(u) == 1);
}

TEST_CASE("mixture samples", "[distributions]") {
  const Mixture<double> p{{column({std::log(0.3), std::log(0.7)})},
                          {{column({-9.0, 1.0}), symmetric(1.3, -0.6, 0.5)},
                           {column({9.0, 2.0}), symmetric(0.4, 0.1, 0.9)}}};
  const Random random(15, Stream::play);
  const Matrix<double> x =
      p.sample(random.uniform<double>(1, draws), random.normal<double>(2, draws, 100000));
  // The humps are 18 apart, so the sign of the first coordinate tells which one it was.
  MonteCarlo first;
  std::array<MonteCarlo, 2> height, product;
  for (Index i = 0; i < draws; ++i) {
    const std::size_t k = x(0, i) > 0 ? 1 : 0;
    first.add(k == 0);
    height[k].add(x(1, i));
    product[k].add((x(0, i) - (k == 0 ? -9 : 9)) * (x(1, i) - (k == 0 ? 1 : 2)));
  }
  CHECK(first.distance(0.3) < sigmas);
  CHECK((height[0].distance(1.0) < sigmas && height[1].distance(2.0) < sigmas));
  CHECK((product[0].distance(-0.6) < sigmas && product[1].distance(0.1) < sigmas));
}
