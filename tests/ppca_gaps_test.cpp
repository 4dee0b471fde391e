// What a diagonal normal, and an encoder, lose in probabilistic PCA: closed forms against
// integrals, finite differences and neighbours.
#include "elbo/ppca.hpp"
#include "elbo/quadrature.hpp"
#include "elbo/random.hpp"
#include "gradient_check.hpp"

using namespace elbo;

namespace {

const Random numbers(92, Stream::play);

const Ppca tilted{Matrix<double>{{1.3, 0.9}, {-0.7, 0.4}, {0.4, 0.8}},
                  Vector<double>{{0.4, -0.2, 0.1}}, 0.6};

double log_gauss(double x, double mean, double variance) {
  return -0.5 * (log_2pi + std::log(variance) + (x - mean) * (x - mean) / variance);
}

// log p(x, z) written out.
double joint(const Ppca& m, const Vector<double>& x, double a, double b) {
  double sum = log_gauss(a, 0, 1) + log_gauss(b, 0, 1);
  for (Index r = 0; r < x.size(); ++r) {
    sum += log_gauss(x(r), m.mean(r) + m.weight(r, 0) * a + m.weight(r, 1) * b, m.noise_variance);
  }
  return sum;
}

// log p(x) - ELBO of the diagonal normal (mean, variance), by integrals over the plane.
double gap(const Vector<double>& x, const Vector<double>& mean, const Vector<double>& variance) {
  const auto over = [](auto&& f) { return integrate2(f, -14.0, 14.0, -14.0, 14.0, 250); };
  const double evidence =
      over([&](double a, double b) { return std::exp(joint(tilted, x, a, b)); });
  const double bound = over([&](double a, double b) {
    const double log_q = log_gauss(a, mean(0), variance(0)) + log_gauss(b, mean(1), variance(1));
    return std::exp(log_q) * (joint(tilted, x, a, b) - log_q);
  });
  return std::log(evidence) - bound;
}

}  // namespace

TEST_CASE("pPCA's gradient by the code", "[ppca][eq:ppca-joint-gradient]") {
  const Matrix<double> x = numbers.normal<double>(3, 4), z = numbers.normal<double>(2, 4, 50);
  Matrix<double> dz;
  const RowVector<double> value = tilted.log_joint_gradient(x, z, dz);
  for (Index i = 0; i < 4; ++i) {
    CHECK_THAT(value(i), WithinAbs(joint(tilted, x.col(i), z(0, i), z(1, i)), 1e-12));
    check_gradient([&](const Vector<double>& at) { return joint(tilted, x.col(i), at(0), at(1)); },
                   z.col(i), dz.col(i));
  }
}

TEST_CASE("the best diagonal normal's gap by integrals", "[ppca][eq:ppca-approximation-gap]") {
  const Matrix<double> x = 2.0 * numbers.normal<double>(3, 2);
  const DiagonalNormal<double> best = tilted.mean_field_posterior(x);
  for (Index i = 0; i < 2; ++i) {
    CHECK_THAT(
        tilted.approximation_gap(),
        WithinAbs(gap(x.col(i), best.mean.col(i), best.log_variance.col(i).array().exp()), 1e-10));
  }
  CHECK(tilted.approximation_gap() > 0.1);
  // Two codes: -1/2 log(1 - correlation^2).
  const Matrix<double> s = tilted.posterior_covariance();
  const double square = s(0, 1) * s(0, 1) / (s(0, 0) * s(1, 1));
  CHECK_THAT(tilted.approximation_gap(), WithinAbs(-0.5 * std::log(1 - square), 1e-13));
}

TEST_CASE("no diagonal normal nearby is better", "[ppca][eq:ppca-mean-field]") {
  const Matrix<double> x = 2.0 * numbers.normal<double>(3, 5);
  const DiagonalNormal<double> best = tilted.mean_field_posterior(x);
  const RowVector<double> highest = tilted.elbo(x, best);
  for (std::uint64_t turn = 1; turn <= 40; ++turn) {
    DiagonalNormal<double> q = best;
    q.mean += 0.02 * numbers.normal<double>(2, 5, 1000 * turn);
    q.log_variance += 0.02 * numbers.normal<double>(2, 5, 1000 * turn + 500);
    CHECK((tilted.elbo(x, q).array() < highest.array()).all());
  }
}

TEST_CASE("an encoder's gap by integrals", "[ppca][eq:ppca-amortization-gap]") {
  const Matrix<double> x = numbers.normal<double>(3, 2);
  const DiagonalNormal<double> q{numbers.normal<double>(2, 2, 50),
                                 Matrix<double>{{-0.8, 0.3}, {0.5, -1.1}}};
  const DiagonalNormal<double> best = tilted.mean_field_posterior(x);
  const RowVector<double> lost = tilted.amortization_gap(x, q);
  for (Index i = 0; i < 2; ++i) {
    const double more = gap(x.col(i), q.mean.col(i), q.log_variance.col(i).array().exp()) -
                        gap(x.col(i), best.mean.col(i), best.log_variance.col(i).array().exp());
    CHECK_THAT(lost(i), WithinAbs(more, 1e-9));
  }
  CHECK(tilted.amortization_gap(x, best).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(
      contains(refusal([&] { tilted.amortization_gap(x, DiagonalNormal<double>::standard(2, 3)); }),
               "2 x 2, found 2 x 3"));
}
