// Chapter 1, section 3: when nobody gives you the closed form. Three estimates of KL(q || p) from
// samples of q, with log r = log p - log q (Schulman 2020, "Approximating KL divergence").
#include <array>
#include <cmath>
#include <numeric>

#include "elbo/quadrature.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::DiagonalNormal;
using elbo::Matrix;
using elbo::RowVector;

// [estimators]
// The definition.
double k1(double log_r) {
  return -log_r;
}
// Biased, never negative.
double k2(double log_r) {
  return 0.5 * log_r * log_r;
}
// Unbiased, never negative: r - 1 has mean 0.
double k3(double log_r) {
  return std::expm1(log_r) - log_r;
}
// [estimators]

constexpr std::array estimator = {k1, k2, k3};

// q = N(0.5, 1), p = N(0, 1): log r(x) = 1/8 - x/2, KL = 1/8.
double log_ratio(double x) {
  return 0.125 - 0.5 * x;
}

double expectation(double (*f)(double)) {
  const auto integrand = [&](double x) {
    return std::exp(-0.5 * (x - 0.5) * (x - 0.5)) / std::sqrt(2 * M_PI) * f(log_ratio(x));
  };
  return elbo::integrate(integrand, -12, 13);
}

double standard_deviation(double (*f)(double)) {
  const double mean = expectation(f);
  const auto integrand = [&](double x) {
    const double off = f(log_ratio(x)) - mean;
    return std::exp(-0.5 * (x - 0.5) * (x - 0.5)) / std::sqrt(2 * M_PI) * off * off;
  };
  return std::sqrt(elbo::integrate(integrand, -14, 15));
}

}  // namespace

void estimators(elbo::Report& report, std::uint64_t seed, bool quick) {
  const elbo::Index samples = 200, repeats = quick ? 500 : 5000;
  const DiagonalNormal<double> q{Matrix<double>::Constant(1, samples * repeats, 0.5),
                                 Matrix<double>::Zero(1, samples * repeats)};
  const auto p = DiagonalNormal<double>::standard(1, samples * repeats);
  const elbo::Random random(seed, elbo::Stream::play, 2);
  const Matrix<double> x = q.rsample(random.normal<double>(1, samples * repeats));
  const RowVector<double> log_r = p.log_prob(x) - q.log_prob(x);

  const double kl = kl_divergence(q, p)(0);
  const double total = static_cast<double>(samples * repeats);
  std::vector<elbo::Series> spread;
  for (std::size_t e = 0; e < estimator.size(); ++e) {
    const std::string name = "k" + std::to_string(e + 1);
    const RowVector<double> values = log_r.unaryExpr(estimator[e]);
    const double bias = expectation(estimator[e]) - kl, sd = standard_deviation(estimator[e]);
    report.claim("eq:kl-estimator-" + name,
                 name + ": mean of the samples = its integral, within 4 standard errors", kl + bias,
                 values.mean(), 4 * sd / std::sqrt(total));
    report.result(name + "_bias", bias);
    report.result(name + "_standard_deviation", sd);

    spread.push_back({name, {}});
    for (elbo::Index r = 0; r < repeats; ++r) {
      spread[e].values.push_back(values.segment(r * samples, samples).mean());
    }
  }
  report.claim("eq:kl-estimator-unbiased", "the integral of k3 is KL itself, 1/8", kl,
               expectation(k3), 1e-12);
  report.claim_at_most("eq:kl-estimator-variance",
                       "for this pair k3 spreads less than k1 (not for every pair)",
                       standard_deviation(k1), standard_deviation(k3));
  report.csv("kl_estimators", spread);
}

}  // namespace chapter
