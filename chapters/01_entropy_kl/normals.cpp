// Chapter 1, section 2: normals. Sums become integrals, and the trapezoidal rule keeps us honest.
#include <algorithm>
#include <cmath>

#include "elbo/quadrature.hpp"
#include "elbo/statistics.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::DiagonalNormal;
using elbo::Index;
using elbo::Matrix;
using elbo::Normal;
using elbo::Vector;
using elbo::textbook::log_normal;

struct Moments {
  double mean, scale;
};

// [integral]
// E_q of -log p: the cross-entropy of two normals, as the integral it is. Over t with x = mean +
// scale t, so that a narrow q far from 0 loses no digits.
double cross_entropy_integral(Moments q, Moments p) {
  const auto integrand = [&](double t) {
    const double q_density = std::exp(-0.5 * t * t) / std::sqrt(2 * M_PI);
    return q_density * -log_normal(q.mean - p.mean + q.scale * t, 0, p.scale);
  };
  return elbo::integrate(integrand, -12, 12);
}
// [integral]

double kl_integral(Moments q, Moments p) {
  return cross_entropy_integral(q, p) - cross_entropy_integral(q, q);
}

DiagonalNormal<double> normal(Moments m) {
  return DiagonalNormal<double>::from_scale(Matrix<double>::Constant(1, 1, m.mean),
                                            Matrix<double>::Constant(1, 1, m.scale));
}

// E_q of -log p for two correlated normals, by an integral over the plane.
double cross_entropy_integral(const Normal<double>& q, const Normal<double>& p) {
  const auto integrand = [&](double x, double y) {
    return std::exp(log_normal(x, y, q.mean(), q.covariance())) *
           -log_normal(x, y, p.mean(), p.covariance());
  };
  return elbo::integrate2(integrand, -12, 12, -12, 12);
}

}  // namespace

void normals(elbo::Report& report) {
  // Entropy: a broad normal, and one so narrow that it is negative.
  const Moments broad{1.0, 1.5}, narrow{-0.4, 0.1};
  report.claim("eq:normal-entropy", "entropy of N(1, 1.5^2) = -integral of q log q",
               cross_entropy_integral(broad, broad), normal(broad).entropy()(0), 1e-12);
  const double negative = normal(narrow).entropy()(0);
  report.claim("eq:normal-entropy-negative", "entropy of N(-0.4, 0.1^2), by the same integral",
               cross_entropy_integral(narrow, narrow), negative, 1e-12);
  report.claim_at_most("eq:differential-entropy-sign", "that entropy lies below 0", 0, negative);
  report.result("entropy_scale_0.1", negative);

  // KL, both ways round: the two directions are different numbers.
  report.claim("eq:kl-normal", "KL(N(1, 1.5^2) || N(-0.4, 0.1^2)) = integral",
               kl_integral(broad, narrow), kl_divergence(normal(broad), normal(narrow))(0), 1e-9);
  const double forward = kl_divergence(normal({0, 1}), normal({1, 2}))(0);
  const double backward = kl_divergence(normal({1, 2}), normal({0, 1}))(0);
  report.claim("eq:kl-asymmetry", "KL(a || b) - KL(b || a) by two integrals: not 0",
               kl_integral({0, 1}, {1, 2}) - kl_integral({1, 2}, {0, 1}), forward - backward,
               1e-11);
  report.result("kl_a_b", forward);
  report.result("kl_b_a", backward);

  // Full covariance, in the plane.
  const Normal<double> q(Vector<double>{{0.5, -0.3}}, Matrix<double>{{1.0, 0.6}, {0.6, 0.8}});
  const Normal<double> p(Vector<double>{{-0.2, 0.4}}, Matrix<double>{{1.5, -0.4}, {-0.4, 0.7}});
  const Normal<double> standard(Vector<double>::Zero(2), Matrix<double>::Identity(2, 2));
  const Matrix<double>& c = q.covariance();
  const double determinant = c(0, 0) * c(1, 1) - c(0, 1) * c(0, 1);
  const double by_trace =
      0.5 * (c(0, 0) + c(1, 1) + q.mean().squaredNorm() - 2 - std::log(determinant));
  report.claim("eq:kl-full-standard",
               "from N(0, I): 1/2 (tr S + |m|^2 - d - log det S) = the formula for any pair",
               by_trace, kl_divergence(q, standard), 1e-12);
  const double own_surprise = cross_entropy_integral(q, q);
  report.claim("eq:normal-full-entropy", "entropy of a correlated normal = integral over the plane",
               own_surprise, q.entropy(), 1e-10);
  report.claim("eq:kl-normal-full", "KL of two correlated normals = H(q, p) - H(q), two integrals",
               cross_entropy_integral(q, p) - own_surprise, kl_divergence(q, p), 1e-10);

  // [surface]
  // The KL from N(0, 1) over the plane of means and scales, for the first figure.
  elbo::Table surface({"mean", "scale", "kl"});
  for (int i = 0; i <= 80; ++i) {
    for (int j = 0; j <= 80; ++j) {
      const Moments m{-3.0 + 6.0 * i / 80, 0.05 * std::pow(80.0, j / 80.0)};
      surface.add({m.mean, m.scale, kl_from_standard_normal(normal(m))(0)});
    }
  }
  report.csv("kl_surface", surface);
  // [surface]
}

void readers_pair(elbo::Report& report, const DiagonalNormal<double>& q,
                  const DiagonalNormal<double>& p, std::uint64_t seed) {
  const double kl = kl_divergence(q, p)(0), entropy = q.entropy()(0);
  report.result("kl", kl);
  report.result("entropy", entropy);
  report.result("cross_entropy", kl + entropy);

  // Independent coordinates: the integrals are one-dimensional and add up.
  double integral_kl = 0, integral_entropy = 0, from_standard = 0;
  for (Index i = 0; i < q.mean.rows(); ++i) {
    const Moments mq{q.mean(i, 0), std::exp(0.5 * q.log_variance(i, 0))};
    const Moments mp{p.mean(i, 0), std::exp(0.5 * p.log_variance(i, 0))};
    integral_kl += kl_integral(mq, mp);
    integral_entropy += cross_entropy_integral(mq, mq);
    from_standard += kl_integral(mq, {0, 1});
  }
  const auto relative = [](double value) { return 1e-10 * std::max(1.0, std::abs(value)); };
  report.claim("eq:kl-normal", "your pair: KL in closed form = its integrals", integral_kl, kl,
               relative(integral_kl));
  report.claim("eq:normal-entropy", "your q: entropy in closed form = its integrals",
               integral_entropy, entropy, relative(integral_entropy));
  report.claim("eq:kl-standard-normal", "your q from N(0, I): closed form = its integrals",
               from_standard, kl_from_standard_normal(q)(0), relative(from_standard));

  // And by sampling: the mean surprise of draws from q, for one who believes p.
  constexpr Index n = 20000;
  const elbo::Random random(seed, elbo::Stream::play, 4);
  const Matrix<double> eps = random.normal<double>(q.mean.rows(), n);
  const DiagonalNormal<double> many{q.mean.replicate(1, n), q.log_variance.replicate(1, n)};
  const DiagonalNormal<double> believed{p.mean.replicate(1, n), p.log_variance.replicate(1, n)};
  const Eigen::ArrayXd surprise = -believed.log_prob(many.rsample(eps)).transpose();
  const elbo::Average sampled({surprise.begin(), surprise.end()});
  report.claim("eq:cross-entropy", "your pair: H(q, p) = mean surprise of 20000 draws, 5 errors",
               sampled.mean, kl + entropy,
               5 * sampled.standard_error + 1e-10 * std::max(1.0, std::abs(sampled.mean)));
}

}  // namespace chapter
