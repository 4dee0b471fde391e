// Fitting probabilistic PCA: the closed form is a maximum, and EM climbs to it.
#include <cmath>

#include "elbo/ppca.hpp"
#include "elbo/random.hpp"
#include "gradient_check.hpp"

using namespace elbo;

namespace {

const Random numbers(95, Stream::play);

double total_log_likelihood(const Ppca& model, const Matrix<double>& x) {
  return model.log_evidence(x).sum();
}

// Correlated data around a mean that is not 0: D = 4, and n no multiple of anything.
Matrix<double> correlated() {
  const Matrix<double> mix{
      {2.0, 0.3, 0.1, 0.0}, {-1.0, 1.0, 0.2, 0.1}, {0.5, -0.7, 0.6, 0.0}, {0.3, 0.4, -0.2, 0.5}};
  const Matrix<double> source = numbers.normal<double>(4, 61);
  Matrix<double> x(4, 61);
  for (Index i = 0; i < x.cols(); ++i) {
    for (Index r = 0; r < 4; ++r) {
      x(r, i) = static_cast<double>(r) - 1.0;
      for (Index c = 0; c < 4; ++c) x(r, i) += mix(r, c) * source(c, i);
    }
  }
  return x;
}

// W, the mean and log noise_variance in one vector, and back.
Vector<double> packed(const Ppca& m) {
  Vector<double> v(m.weight.size() + m.mean.size() + 1);
  v << m.weight.reshaped(), m.mean, std::log(m.noise_variance);
  return v;
}
Ppca unpacked(const Vector<double>& v, Index D, Index d) {
  return {v.head(D * d).reshaped(D, d), v.segment(D * d, D), std::exp(v(D * d + D))};
}

Ppca start(const Matrix<double>& x, Index d) {
  return {numbers.normal<double>(x.rows(), d, 5000), x.rowwise().mean(), 0.7};
}

}  // namespace

TEST_CASE("maximum likelihood on data whose covariance is known exactly",
          "[ppca][eq:ppca-maximum-likelihood]") {
  // Pairs of points +-a_k u_k around a mean: the covariance has eigenvectors u_k and eigenvalues
  // 2 a_k^2 / 6. In the plane of the first two axes, u is turned by an angle of 0.5.
  const double a[] = {3.0, 2.0, 1.0}, c = std::cos(0.5), s = std::sin(0.5);
  const Matrix<double> u{{c, -s, 0}, {s, c, 0}, {0, 0, 1}};
  const Vector<double> mean{{5.0, -2.0, 1.0}};
  Matrix<double> x(3, 6);
  for (Index k = 0; k < 3; ++k) {
    x.col(2 * k) = mean + a[k] * u.col(k);
    x.col(2 * k + 1) = mean - a[k] * u.col(k);
  }
  // d = 1: eigenvalues 3 | 4/3, 1/3, so the noise is their mean 5/6 and W W' = (3 - 5/6) u u'.
  const Ppca model = ppca_maximum_likelihood(x, 1);
  CHECK_THAT(model.noise_variance, WithinAbs(5.0 / 6.0, 1e-13));
  CHECK(max_difference(model.mean, mean) < 1e-14);
  REQUIRE((model.weight.rows() == 3 && model.weight.cols() == 1));
  for (Index r = 0; r < 3; ++r) {
    for (Index q = 0; q < 3; ++q) {
      CHECK_THAT(model.weight(r, 0) * model.weight(q, 0),
                 WithinAbs(13.0 / 6.0 * u(r, 0) * u(q, 0), 1e-12));
    }
  }
  CHECK(contains(refusal([&] { ppca_maximum_likelihood(x, 3); }), "d < D"));
  CHECK(contains(refusal([&] { ppca_maximum_likelihood(x, 0); }), "0 < d"));
  CHECK(contains(refusal([&] { ppca_maximum_likelihood(x.leftCols(2), 1); }), "D <= n"));
}

TEST_CASE("the maximum-likelihood model is a maximum", "[ppca][eq:ppca-maximum-likelihood]") {
  const Matrix<double> x = correlated();
  for (const Index d : {Index{1}, Index{2}, Index{3}}) {
    const Vector<double> at = packed(ppca_maximum_likelihood(x, d));
    const Objective f = [&](const Vector<double>& v) {
      return total_log_likelihood(unpacked(v, 4, d), x);
    };
    check_gradient(f, at, Vector<double>::Zero(at.size()));
    const double best = f(at);
    for (std::uint64_t turn = 0; turn < 50; ++turn) {
      const double size = turn % 2 == 0 ? 0.01 : 0.3;
      CHECK(f(at + size * numbers.normal<double>(at.size(), 1, 10000 + 100 * turn)) < best);
    }
  }
}

TEST_CASE("one step of EM, written out for one code dimension", "[ppca][eq:ppca-em]") {
  const Matrix<double> x = correlated();
  const Ppca before = start(x, 1), after = ppca_em_step(before, x);
  const double n = 61, D = 4, s = before.noise_variance;
  double m = s;  // M = w'w + s
  for (Index r = 0; r < 4; ++r) m += before.weight(r, 0) * before.weight(r, 0);

  // E-step: E z = w'c / M and E z^2 = s / M + (E z)^2, for c = x - mean.
  const auto code = [&](Index i) {
    double sum = 0;
    for (Index r = 0; r < 4; ++r) sum += before.weight(r, 0) * (x(r, i) - before.mean(r));
    return sum / m;
  };
  double second = 0;
  for (Index i = 0; i < 61; ++i) second += s / m + code(i) * code(i);
  // M-step: regression on the expected codes, then E |c - w z|^2.
  Vector<double> w = Vector<double>::Zero(4);
  for (Index i = 0; i < 61; ++i) {
    for (Index r = 0; r < 4; ++r) w(r) += (x(r, i) - before.mean(r)) * code(i) / second;
  }
  double noise = 0;
  for (Index i = 0; i < 61; ++i) {
    for (Index r = 0; r < 4; ++r) {
      const double c = x(r, i) - before.mean(r);
      noise += c * c - 2 * w(r) * c * code(i) + w(r) * w(r) * (s / m + code(i) * code(i));
    }
  }
  CHECK(max_difference(after.weight, w) < 1e-13);
  CHECK_THAT(after.noise_variance, WithinAbs(noise / (n * D), 1e-13));
  CHECK(after.mean == before.mean);
}

TEST_CASE("EM never goes down and ends at the maximum",
          "[ppca][eq:ppca-em][eq:ppca-maximum-likelihood]") {
  const Matrix<double> x = correlated();
  for (const Index d : {Index{1}, Index{2}, Index{3}}) {
    Ppca model = start(x, d);
    double before = total_log_likelihood(model, x);
    for (int step = 0; step < 3000; ++step) {
      model = ppca_em_step(model, x);
      const double now = total_log_likelihood(model, x);
      if (!(now > before - 1e-9)) FAIL_CHECK("step " << step << ": " << before << " to " << now);
      before = now;
    }
    const Ppca best = ppca_maximum_likelihood(x, d);
    INFO("d = " << d);
    CHECK_THAT(before, WithinAbs(total_log_likelihood(best, x), 1e-7));
    CHECK_THAT(model.noise_variance, WithinAbs(best.noise_variance, 1e-5));
    // The maximum is a fixed point.
    const Ppca again = ppca_em_step(best, x);
    CHECK(max_difference(packed(again), packed(best)) < 1e-11);
  }
}

TEST_CASE("with the noise given, columns below it are 0 and nothing nearby is better",
          "[ppca][eq:ppca-collapse]") {
  // Eigenvalues that are known: pairs of points along the axes, 2 a^2 / 8 each.
  const double a[] = {4.0, 3.0, 2.0, 1.0};
  Matrix<double> axes = Matrix<double>::Zero(4, 8);
  for (Index k = 0; k < 4; ++k) {
    axes(k, 2 * k) = a[k];
    axes(k, 2 * k + 1) = -a[k];
  }
  axes.row(2).array() += 5.0;
  const Ppca two = ppca_maximum_likelihood(axes, 3, 1.5);  // of 4, 2.25, 1 and 0.25
  CHECK(two.noise_variance == 1.5);
  CHECK_THAT(two.mean(2), WithinAbs(5.0, 1e-14));
  const Vector<double> lengths = two.weight.colwise().squaredNorm();  // in rising order
  CHECK_THAT(lengths(0), WithinAbs(0.0, 1e-13));
  CHECK_THAT(lengths(1), WithinAbs(0.75, 1e-13));
  CHECK_THAT(lengths(2), WithinAbs(2.5, 1e-13));
  CHECK_THAT(two.weight(0, 2) * two.weight(0, 2), WithinAbs(2.5, 1e-13));

  // On other data: the likelihood's gradient in W vanishes, and no step to any side gains.
  const Matrix<double> x = correlated();
  const double noise = 0.4;
  const Ppca best = ppca_maximum_likelihood(x, 3, noise);
  CHECK((best.weight.colwise().norm().array() < 1e-12).count() == 1);
  const auto moved = [&](const Vector<double>& w) {
    return total_log_likelihood({w.reshaped(4, 3), best.mean, noise}, x);
  };
  const Vector<double> at = best.weight.reshaped();
  check_gradient(moved, at, Vector<double>::Zero(12));
  for (std::uint64_t turn = 0; turn < 50; ++turn) {
    CHECK(moved(at + 0.1 * numbers.normal<double>(12, 1, 9000 + 100 * turn)) < moved(at));
  }
  // With the noise that is itself the most likely one it is the other function's model.
  const Ppca free = ppca_maximum_likelihood(x, 2);
  CHECK(max_difference(ppca_maximum_likelihood(x, 2, free.noise_variance).weight, free.weight) <
        1e-13);
  CHECK(contains(refusal([&] { ppca_maximum_likelihood(x, 2, 0.0); }), "noise_variance > 0"));
  CHECK(contains(refusal([&] { ppca_maximum_likelihood(x, 5, 1.0); }), "d <= D"));
}
