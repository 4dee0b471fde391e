// The three likelihoods: textbook densities, and their derivatives by finite differences.
#include "elbo/likelihood.hpp"

#include "check.hpp"
#include "elbo/random.hpp"
#include "gradient_check.hpp"

using namespace elbo;

namespace {

constexpr Index D = 4, n = 3;
constexpr double v = -0.7;  // the log-variance
const Random numbers(31, Stream::play);

constexpr auto kinds = {Likelihood::bernoulli, Likelihood::gaussian, Likelihood::gaussian_learned};

double naive(Likelihood kind, double x, double eta) {
  if (kind == Likelihood::bernoulli) {
    const double chance = 1.0 / (1.0 + std::exp(-eta));
    return x * std::log(chance) + (1.0 - x) * std::log(1.0 - chance);
  }
  const double scale = kind == Likelihood::gaussian ? 1.0 : std::exp(0.5 * v);
  const double distance = (x - eta) / scale;
  return -std::log(scale * std::sqrt(2.0 * std::numbers::pi)) - 0.5 * distance * distance;
}

struct Gradient {
  RowVector<double> log_p;
  Matrix<double> d_eta, d_log_variance;
};

Gradient gradient(Likelihood kind, const Matrix<double>& x, const Matrix<double>& eta) {
  Gradient g;
  g.log_p = log_likelihood_gradient(kind, x, eta, v, g.d_eta, g.d_log_variance);
  return g;
}

}  // namespace

TEST_CASE("log-likelihoods, a batch", "[likelihood][eq:likelihood]") {
  const Matrix<double> x = numbers.uniform<double>(D, n),
                       eta = 2.0 * numbers.normal<double>(D, n, 50);
  for (const Likelihood kind : kinds) {
    INFO(to_string(kind));
    const RowVector<double> log_p = log_likelihood(kind, x, eta, v);
    REQUIRE(log_p.size() == n);
    for (Index i = 0; i < n; ++i) {
      double sum = 0;
      for (Index r = 0; r < D; ++r) sum += naive(kind, x(r, i), eta(r, i));
      CHECK_THAT(log_p(i), WithinAbs(sum, 1e-13));
    }
    // The gradient's value is the same, and so is the float's, to a float's digits.
    CHECK(max_difference(gradient(kind, x, eta).log_p, log_p) < 1e-13);
    const RowVector<float> single =
        log_likelihood<float>(kind, x.cast<float>(), eta.cast<float>(), static_cast<float>(v));
    CHECK(max_difference(single.cast<double>(), log_p) < 1e-5);
  }
}

TEST_CASE("derivatives of the log-likelihoods", "[likelihood][eq:likelihood-gradient]") {
  const Matrix<double> x = numbers.uniform<double>(D, n),
                       eta = 2.0 * numbers.normal<double>(D, n, 50);
  for (const Likelihood kind : kinds) {
    INFO(to_string(kind));
    const Gradient g = gradient(kind, x, eta);
    const Objective of_eta = [&](const Vector<double>& at) {
      return log_likelihood(kind, x, Matrix<double>(at.reshaped(D, n)), v).sum();
    };
    check_gradient(of_eta, eta.reshaped(), g.d_eta.reshaped());
    const Objective of_v = [&](const Vector<double>& at) {
      return log_likelihood(kind, x, eta, at(0)).sum();
    };
    check_gradient(of_v, Vector<double>::Constant(1, v),
                   Vector<double>::Constant(1, g.d_log_variance.sum()));

    // d_eta is the residual over the variance; d_log_variance has a number for each image.
    const Matrix<double> mean = likelihood_mean(kind, eta);
    const double variance = kind == Likelihood::gaussian_learned ? std::exp(v) : 1.0;
    CHECK(max_difference(g.d_eta, (x - mean) / variance) < 1e-13);
    REQUIRE((g.d_log_variance.rows() == 1 && g.d_log_variance.cols() == n));
    for (Index i = 0; i < n; ++i) {
      const Gradient alone = gradient(kind, x.col(i), eta.col(i));
      CHECK_THAT(g.d_log_variance(i), WithinAbs(alone.d_log_variance(0), 1e-13));
    }
  }
}

TEST_CASE("logits beyond the range of exp", "[likelihood][eq:likelihood]") {
  // log sigmoid(80) = -e^-80, log sigmoid(-80) = -80 - e^-80: nothing may overflow, in float too.
  const Matrix<float> eta{{80.0F, -80.0F, 80.0F, -80.0F, 500.0F, -500.0F}};
  const Matrix<float> x{{1.0F, 0.0F, 0.0F, 1.0F, 1.0F, 0.5F}};
  const RowVector<float> expected{{0.0F, 0.0F, -80.0F, -80.0F, 0.0F, -250.0F}};
  Matrix<float> d_eta, unused;
  const RowVector<float> log_p = log_likelihood(Likelihood::bernoulli, x, eta, 0.0F);
  const RowVector<float> again =
      log_likelihood_gradient(Likelihood::bernoulli, x, eta, 0.0F, d_eta, unused);
  for (Index i = 0; i < eta.size(); ++i) {
    CHECK_THAT(log_p(i), WithinAbs(expected(i), 1e-6));
    CHECK_THAT(again(i), WithinAbs(expected(i), 1e-6));
    const float mean = eta(i) > 0 ? 1.0F : 0.0F;
    CHECK_THAT(d_eta(i), WithinAbs(x(i) - mean, 1e-6));
  }
}

TEST_CASE("likelihoods refuse wrong shapes and know their names", "[likelihood][shape]") {
  const Matrix<double> x = Matrix<double>::Zero(4, 3), eta = Matrix<double>::Zero(3, 4);
  Matrix<double> d_eta, d;
  const Likelihood kind = Likelihood::gaussian;
  CHECK(contains(refusal([&] { log_likelihood(kind, x, eta, 0.0); }), "4 x 3, found 3 x 4"));
  CHECK(contains(refusal([&] { log_likelihood_gradient(kind, x, eta, 0.0, d_eta, d); }),
                 "4 x 3, found 3 x 4"));
  CHECK(to_string(Likelihood::bernoulli) == "bernoulli");
  CHECK(to_string(Likelihood::gaussian) == "gaussian");
  CHECK(to_string(Likelihood::gaussian_learned) == "gaussian-learned");
}
