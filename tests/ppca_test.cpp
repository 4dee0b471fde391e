// Probabilistic PCA: each closed form against integrals over the code.
#include "elbo/ppca.hpp"

#include <functional>

#include "check.hpp"
#include "elbo/quadrature.hpp"
#include "elbo/random.hpp"

using namespace elbo;

namespace {

const Random numbers(91, Stream::play);

double log_gauss(double x, double mean, double variance) {
  return -0.5 * (log_2pi + std::log(variance) + (x - mean) * (x - mean) / variance);
}

// log p(x, z) written out, for one x and one z.
double naive_log_joint(const Ppca& m, const Vector<double>& x, const std::vector<double>& z) {
  double sum = 0;
  for (Index r = 0; r < x.size(); ++r) {
    double mean = m.mean(r);
    for (std::size_t c = 0; c < z.size(); ++c) mean += m.weight(r, static_cast<Index>(c)) * z[c];
    sum += log_gauss(x(r), mean, m.noise_variance);
  }
  for (const double value : z) sum += log_gauss(value, 0.0, 1.0);
  return sum;
}

// The integral of f(z1, z2) over a square that holds everything.
double over_codes(const std::function<double(double, double)>& f) {
  return integrate2(f, -14.0, 14.0, -14.0, 14.0, 200);
}

const Ppca line{Matrix<double>{{1.3}, {-0.7}}, Vector<double>{{0.4, -0.2}}, 0.5};  // D = 2, d = 1
const Ppca sheet{Matrix<double>{{1.3, 0.2}, {-0.7, 0.9}, {0.4, -1.1}},             // D = 3, d = 2
                 Vector<double>{{0.4, -0.2, 0.1}}, 0.6};

// Codes that are uncorrelated under the posterior: the columns of W are orthogonal.
const Ppca crossed{Matrix<double>{{1.0, 2.0}, {2.0, -1.0}, {0.0, 0.5}, {0.0, 0.0}},
                   Vector<double>{{0.4, -0.2, 0.1, 1.0}}, 0.6};

}  // namespace

TEST_CASE("pPCA's joint density", "[ppca][eq:ppca-joint]") {
  const Matrix<double> x = numbers.normal<double>(3, 4), z = numbers.normal<double>(2, 4, 50);
  const RowVector<double> joint = sheet.log_joint(x, z);
  REQUIRE(joint.size() == 4);
  for (Index i = 0; i < 4; ++i) {
    CHECK_THAT(joint(i), WithinAbs(naive_log_joint(sheet, x.col(i), {z(0, i), z(1, i)}), 1e-13));
  }
}

TEST_CASE("pPCA's evidence by integrating the code away", "[ppca][eq:ppca-evidence]") {
  const Matrix<double> x = numbers.normal<double>(2, 3), y = numbers.normal<double>(3, 2, 50);
  for (Index i = 0; i < 3; ++i) {
    const double evidence = integrate(
        [&](double z) { return std::exp(naive_log_joint(line, x.col(i), {z})); }, -12.0, 12.0);
    CHECK_THAT(line.log_evidence(x)(i), WithinAbs(std::log(evidence), 1e-12));
  }
  for (Index i = 0; i < 2; ++i) {
    const double evidence = over_codes([&](double a, double b) {
      return std::exp(naive_log_joint(sheet, y.col(i), {a, b}));
    });
    CHECK_THAT(sheet.log_evidence(y)(i), WithinAbs(std::log(evidence), 1e-12));
  }
}

TEST_CASE("pPCA's posterior by Bayes' rule and integrals", "[ppca][eq:ppca-posterior]") {
  const Matrix<double> x = 2.0 * numbers.normal<double>(3, 2);
  const Matrix<double> mean = sheet.posterior_mean(x), covariance = sheet.posterior_covariance();
  REQUIRE((mean.rows() == 2 && mean.cols() == 2 && covariance.rows() == 2));
  for (Index i = 0; i < 2; ++i) {
    // E[f(z) | x] = int f p(x, z) / int p(x, z).
    const auto expect = [&](const std::function<double(double, double)>& f) {
      const auto joint = [&](double a, double b) {
        return std::exp(naive_log_joint(sheet, x.col(i), {a, b}));
      };
      return over_codes([&](double a, double b) { return f(a, b) * joint(a, b); }) /
             over_codes(joint);
    };
    const double a = expect([](double u, double) { return u; });
    const double b = expect([](double, double v) { return v; });
    CHECK_THAT(mean(0, i), WithinAbs(a, 1e-11));
    CHECK_THAT(mean(1, i), WithinAbs(b, 1e-11));
    CHECK_THAT(covariance(0, 0),
               WithinAbs(expect([](double u, double) { return u * u; }) - a * a, 1e-11));
    CHECK_THAT(covariance(0, 1),
               WithinAbs(expect([](double u, double v) { return u * v; }) - a * b, 1e-11));
    CHECK_THAT(covariance(1, 1),
               WithinAbs(expect([](double, double v) { return v * v; }) - b * b, 1e-11));
  }
  CHECK(covariance(0, 1) == covariance(1, 0));
}

TEST_CASE("pPCA's ELBO by integrals and by Monte Carlo", "[ppca][eq:ppca-elbo]") {
  const Matrix<double> x = numbers.normal<double>(3, 2);
  const DiagonalNormal<double> q{numbers.normal<double>(2, 2, 50),
                                 Matrix<double>{{-0.8, 0.3}, {0.5, -1.1}}};
  const RowVector<double> bound = sheet.elbo(x, q);
  REQUIRE(bound.size() == 2);
  for (Index i = 0; i < 2; ++i) {
    const double integral = over_codes([&](double a, double b) {
      const double log_q = log_gauss(a, q.mean(0, i), std::exp(q.log_variance(0, i))) +
                           log_gauss(b, q.mean(1, i), std::exp(q.log_variance(1, i)));
      return std::exp(log_q) * (naive_log_joint(sheet, x.col(i), {a, b}) - log_q);
    });
    CHECK_THAT(bound(i), WithinAbs(integral, 1e-11));

    MonteCarlo mean;
    for (std::uint64_t draw = 0; draw < 20000; ++draw) {
      const Matrix<double> e = numbers.normal<double>(2, 1, 1000 + 2 * draw);
      std::vector<double> z(2);
      double log_q = 0;
      for (Index r = 0; r < 2; ++r) {
        const double scale = std::exp(0.5 * q.log_variance(r, i));
        z[static_cast<std::size_t>(r)] = q.mean(r, i) + scale * e(r);
        log_q += log_gauss(e(r), 0.0, 1.0) - std::log(scale);
      }
      mean.add(naive_log_joint(sheet, x.col(i), z) - log_q);
    }
    CHECK(mean.distance(bound(i)) < sigmas);
  }
}

TEST_CASE("pPCA's ELBO touches the evidence at the posterior and nowhere else",
          "[ppca][eq:ppca-elbo][eq:ppca-posterior]") {
  const Matrix<double> x = numbers.normal<double>(4, 5);
  const Vector<double> variance = crossed.posterior_covariance().diagonal();
  const Matrix<double> log_variance = variance.array().log().matrix().replicate(1, 5);
  const DiagonalNormal<double> posterior{crossed.posterior_mean(x), log_variance};
  const RowVector<double> evidence = crossed.log_evidence(x);
  CHECK(max_difference(crossed.elbo(x, posterior), evidence) < 1e-12);
  for (std::uint64_t turn = 1; turn <= 20; ++turn) {
    DiagonalNormal<double> q = posterior;
    q.mean += 0.3 * numbers.normal<double>(2, 5, 1000 * turn);
    q.log_variance += 0.3 * numbers.normal<double>(2, 5, 1000 * turn + 500);
    CHECK((crossed.elbo(x, q).array() < evidence.array()).all());
  }
}

TEST_CASE("pPCA refuses wrong shapes", "[ppca][shape]") {
  const Matrix<double> x = Matrix<double>::Zero(3, 4), z = Matrix<double>::Zero(2, 3);
  CHECK(contains(refusal([&] { sheet.log_joint(x, z); }), "2 x 4, found 2 x 3"));
  CHECK(contains(refusal([&] { sheet.posterior_mean(z); }), "3 x 3, found 2 x 3"));
  CHECK(contains(refusal([&] { sheet.elbo(x, DiagonalNormal<double>::standard(2, 3)); }),
                 "2 x 4, found 2 x 3"));
}
