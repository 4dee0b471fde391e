// EM for a mixture of normals: enumeration, naive sums, finite differences.
#include "elbo/mixture.hpp"

#include "elbo/random.hpp"
#include "gradient_check.hpp"

using namespace elbo;

namespace {

const Random numbers(101, Stream::play);

Mixture<double> example() {
  return {{Vector<double>{{0.2, -0.5, 0.7}}},
          {{Vector<double>{{-2.0, 0.5}}, Matrix<double>{{1.3, -0.6}, {-0.6, 0.5}}},
           {Vector<double>{{1.0, 1.0}}, Matrix<double>{{0.4, 0.1}, {0.1, 0.9}}},
           {Vector<double>{{0.5, -1.5}}, Matrix<double>{{0.8, 0.3}, {0.3, 0.6}}}}};
}

// p(x_i, k) in two dimensions, written out.
double naive_joint(const Mixture<double>& p, const Matrix<double>& x, Index i, Index k) {
  double total = 0;
  for (const double l : p.weights.logits) total += std::exp(l);
  const Normal<double>& c = p.components[static_cast<std::size_t>(k)];
  const Matrix<double>& s = c.covariance();
  const double det = s(0, 0) * s(1, 1) - s(0, 1) * s(1, 0);
  const double a = x(0, i) - c.mean()(0), b = x(1, i) - c.mean()(1);
  const double square = (a * a * s(1, 1) - 2 * a * b * s(0, 1) + b * b * s(0, 0)) / det;
  return std::exp(p.weights.logits(k)) / total * std::exp(-0.5 * square) /
         (2 * std::numbers::pi * std::sqrt(det));
}

double naive_log_likelihood(const Mixture<double>& p, const Matrix<double>& x) {
  double sum = 0;
  for (Index i = 0; i < x.cols(); ++i) {
    sum += std::log(naive_joint(p, x, i, 0) + naive_joint(p, x, i, 1) + naive_joint(p, x, i, 2));
  }
  return sum;
}

Matrix<double> some_data(Index n) {
  return example().sample(numbers.uniform<double>(1, n), numbers.normal<double>(2, n, 1000));
}

// Columns that sum to 1 and favour nobody in particular.
Matrix<double> some_responsibilities(Index n) {
  Matrix<double> r = numbers.uniform<double>(3, n, 5000);
  for (Index i = 0; i < n; ++i) r.col(i) /= r.col(i).sum();
  return r;
}

}  // namespace

TEST_CASE("E-step by enumeration", "[mixture][eq:e-step]") {
  const Mixture<double> p = example();
  const Matrix<double> x = some_data(20), r = e_step(p, x);
  REQUIRE((r.rows() == 3 && r.cols() == 20));
  for (Index i = 0; i < 20; ++i) {
    double evidence = 0;
    for (Index k = 0; k < 3; ++k) evidence += naive_joint(p, x, i, k);
    for (Index k = 0; k < 3; ++k) {
      CHECK_THAT(r(k, i), WithinAbs(naive_joint(p, x, i, k) / evidence, 1e-13));
    }
  }
}

TEST_CASE("a mixture's ELBO", "[mixture][eq:mixture-elbo][eq:e-step]") {
  const Mixture<double> p = example();
  const Matrix<double> x = some_data(20);
  const double evidence = naive_log_likelihood(p, x);
  // The sum itself, with one responsibility of exactly 0: 0 log 0 = 0.
  Matrix<double> r = some_responsibilities(20);
  r.col(3) << 0.0, 0.25, 0.75;
  double sum = 0;
  for (Index i = 0; i < 20; ++i) {
    for (Index k = 0; k < 3; ++k) {
      if (r(k, i) > 0) sum += r(k, i) * std::log(naive_joint(p, x, i, k) / r(k, i));
    }
  }
  CHECK_THAT(mixture_elbo(p, x, r), WithinAbs(sum, 1e-11));
  // Below the evidence for any q, on it for the posterior.
  CHECK(mixture_elbo(p, x, r) < evidence - 0.1);
  CHECK_THAT(mixture_elbo(p, x, e_step(p, x)), WithinAbs(evidence, 1e-11));
  const Matrix<double> nearly = 0.99 * e_step(p, x) + 0.01 * r;
  CHECK(mixture_elbo(p, x, nearly) < evidence);
  CHECK(contains(refusal([&] { mixture_elbo(p, x, r.leftCols(4)); }), "3 x 20, found 3 x 4"));
}

TEST_CASE("M-step: weighted counts, means and covariances", "[mixture][eq:m-step]") {
  const Index n = 25;
  const Matrix<double> x = some_data(n), r = some_responsibilities(n);
  const double ridge = 0.125;
  const Mixture<double> p = m_step(x, r), ridged = m_step(x, r, ridge);
  REQUIRE((p.components.size() == 3 && p.weights.logits.size() == 3));
  for (Index k = 0; k < 3; ++k) {
    const Normal<double>& got = p.components[static_cast<std::size_t>(k)];
    double count = 0, mean[] = {0, 0}, s[2][2] = {{0, 0}, {0, 0}};
    for (Index i = 0; i < n; ++i) count += r(k, i);
    for (Index i = 0; i < n; ++i) {
      for (int a = 0; a < 2; ++a) mean[a] += r(k, i) * x(a, i) / count;
    }
    for (Index i = 0; i < n; ++i) {
      for (int a = 0; a < 2; ++a) {
        for (int b = 0; b < 2; ++b) {
          s[a][b] += r(k, i) * (x(a, i) - mean[a]) * (x(b, i) - mean[b]) / count;
        }
      }
    }
    CHECK_THAT(std::exp(p.weights.log_prob(k)), WithinAbs(count / static_cast<double>(n), 1e-13));
    for (int a = 0; a < 2; ++a) {
      CHECK_THAT(got.mean()(a), WithinAbs(mean[a], 1e-13));
      for (int b = 0; b < 2; ++b) {
        CHECK_THAT(got.covariance()(a, b), WithinAbs(s[a][b], 1e-13));
        const double with_ridge = s[a][b] + (a == b ? ridge : 0.0);
        CHECK_THAT(ridged.components[static_cast<std::size_t>(k)].covariance()(a, b),
                   WithinAbs(with_ridge, 1e-13));
      }
    }
  }
  CHECK(contains(refusal([&] { m_step(x, r.leftCols(4)); }), "3 x 25, found 3 x 4"));
}

TEST_CASE("the M-step maximises the ELBO", "[mixture][eq:m-step]") {
  const Matrix<double> x = some_data(25), r = some_responsibilities(25);
  const Mixture<double> p = m_step(x, r);
  // Logits, then for every component the mean and the covariance's three numbers: 3 + 3 * 5.
  const auto unpacked = [](const Vector<double>& v) {
    Mixture<double> q{{v.head(3)}, {}};
    for (Index k = 0; k < 3; ++k) {
      const Index at = 3 + 5 * k;
      q.components.emplace_back(v.segment(at, 2),
                                Matrix<double>{{v(at + 2), v(at + 3)}, {v(at + 3), v(at + 4)}});
    }
    return q;
  };
  Vector<double> at(18);
  at.head(3) = p.weights.logits;
  for (Index k = 0; k < 3; ++k) {
    const Normal<double>& c = p.components[static_cast<std::size_t>(k)];
    at.segment(3 + 5 * k, 5) << c.mean(), c.covariance()(0, 0), c.covariance()(0, 1),
        c.covariance()(1, 1);
  }
  const Objective f = [&](const Vector<double>& v) { return mixture_elbo(unpacked(v), x, r); };
  check_gradient(f, at, Vector<double>::Zero(18));
  const double best = f(at);
  for (std::uint64_t turn = 0; turn < 20; ++turn) {
    CHECK(f(at + 0.05 * numbers.normal<double>(18, 1, 20000 + 100 * turn)) < best);
  }
}

TEST_CASE("EM for a mixture never goes down", "[mixture][eq:e-step][eq:m-step]") {
  const Matrix<double> x = some_data(200);
  const Mixture<double> truth = example();
  Mixture<double> p{{Vector<double>::Zero(3)}, {}};
  for (Index k = 0; k < 3; ++k) {
    const Vector<double> mean = 1.5 * truth.components[static_cast<std::size_t>(k)].mean();
    p.components.emplace_back(mean, Matrix<double>::Identity(2, 2));
  }
  double before = naive_log_likelihood(p, x);
  const double first = before;
  for (int step = 0; step < 100; ++step) {
    const Matrix<double> r = e_step(p, x);
    CHECK_THAT(mixture_elbo(p, x, r), WithinAbs(before, 1e-9));  // the bound touches
    p = m_step(x, r);
    const double now = naive_log_likelihood(p, x);
    CHECK(now > before - 1e-9);
    before = now;
  }
  CHECK(before > first + 10);
  // As good as the model the data came from, or better: it was fitted to them.
  CHECK(before > naive_log_likelihood(truth, x));
}

TEST_CASE("a component that has lost all its points is reported", "[mixture][eq:m-step]") {
  const elbo::Matrix<double> x = elbo::Matrix<double>::Random(2, 5);
  elbo::Matrix<double> r = elbo::Matrix<double>::Zero(2, 5);
  r.row(0).setOnes();
  CHECK_THROWS_AS(elbo::m_step(x, r, 1e-6), std::invalid_argument);
}
