// Averages of weights known by their logarithms: naive sums, repetition, enumeration.
#include "elbo/estimators.hpp"

#include <algorithm>
#include <vector>

#include "check.hpp"

using namespace elbo;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

LogMeanExp averaged(const std::vector<double>& log_weights) {
  LogMeanExp mean;
  for (const double l : log_weights) mean.add(l);
  return mean;
}

std::vector<double> normals(std::uint64_t seed, int count, double scale) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) {
    values.push_back(scale * Random(seed, Stream::play).normal(static_cast<std::uint64_t>(i)));
  }
  return values;
}

}  // namespace

TEST_CASE("LogMeanExp against sums in long double",
          "[estimators][eq:importance-estimate][eq:effective-sample-size]") {
  const int k = 300;
  const std::vector<double> log_weights = normals(61, k, 2.0);
  long double sum = 0, squares = 0;
  for (const double l : log_weights) {
    const long double w = std::exp(static_cast<long double>(l));
    sum += w;
    squares += w * w;
  }
  const long double mean = sum / k, variance = (squares - k * mean * mean) / (k - 1);
  const double value = static_cast<double>(std::log(mean));
  const double error = static_cast<double>(std::sqrt(variance / k) / mean);
  const double effective = static_cast<double>(sum * sum / squares);

  // In any order, and however far the logarithms lie from 0: there e^l is 0 or infinite.
  std::vector<double> order = log_weights;
  for (int turn = 0; turn < 3; ++turn) {
    for (const double shift : {0.0, -1e4, 1e4}) {
      std::vector<double> shifted = order;
      for (double& l : shifted) l += shift;
      const LogMeanExp result = averaged(shifted);
      CHECK_THAT(result.value() - shift, WithinAbs(value, 1e-11));  // a rounding of 1e4
      CHECK_THAT(result.standard_error(), WithinRel(error, 1e-10));
      CHECK_THAT(result.effective_sample_size(), WithinRel(effective, 1e-10));
    }
    if (turn == 0) std::sort(order.begin(), order.end());
    if (turn == 1) std::reverse(order.begin(), order.end());
  }
}

TEST_CASE("LogMeanExp at the edges", "[estimators][eq:importance-estimate]") {
  CHECK(LogMeanExp().value() == -infinity);
  CHECK_THAT(averaged({-3.5}).value(), WithinAbs(-3.5, 1e-15));
  CHECK(averaged({-3.5}).standard_error() == infinity);  // one weight says nothing of it
  CHECK(averaged({-infinity, -infinity}).standard_error() == infinity);
  CHECK(averaged({-infinity, -infinity}).effective_sample_size() == 0.0);
  CHECK(averaged({2.0, 2.0}).standard_error() == 0.0);
  CHECK(averaged({-infinity, -infinity}).value() == -infinity);
  // A weight of 0 counts among the k, first, last or between.
  for (const std::vector<double>& l :
       {std::vector{-infinity, 1.0, 2.0}, {1.0, -infinity, 2.0}, {2.0, 1.0, -infinity}}) {
    CHECK_THAT(averaged(l).value(),
               WithinAbs(std::log((std::exp(1.0) + std::exp(2.0)) / 3), 1e-14));
  }
}

TEST_CASE("the effective sample size counts equal weights",
          "[estimators][eq:effective-sample-size]") {
  CHECK_THAT(averaged({-5, -5, -5, -5}).effective_sample_size(), WithinAbs(4.0, 1e-12));
  CHECK_THAT(averaged({-5, -5, -infinity, -1000}).effective_sample_size(), WithinAbs(2.0, 1e-12));
  CHECK_THAT(averaged({-5}).effective_sample_size(), WithinAbs(1.0, 1e-12));
}

TEST_CASE("LogMeanExp's standard error is the spread of repeated estimates",
          "[estimators][eq:importance-estimate]") {
  // Log-normal weights of log-variance 0.25: E w = e^0.125. 1500 estimates of 200 weights each; the
  // spread of 1500 values is known to 1.8 %, the first-order formula is off by about 1 / 200.
  MonteCarlo values, errors;
  for (std::uint64_t repeat = 0; repeat < 1500; ++repeat) {
    const LogMeanExp mean = averaged(normals(1000 + repeat, 200, 0.5));
    values.add(mean.value());
    errors.add(mean.standard_error());
  }
  CHECK_THAT(errors.mean(), WithinRel(std::sqrt(values.variance()), sigmas * 0.018 + 0.005));
  // The mean of the logarithms lies below the logarithm of the mean, by half the variance.
  CHECK_THAT(values.mean(),
             WithinAbs(0.125 - 0.5 * values.variance(), sigmas * values.standard_error() + 1e-4));
}

TEST_CASE("active units by a plain loop", "[estimators][eq:active-units]") {
  // Rows of different scales around means that are not 0; the third has a variance of nearly 0.01.
  const double scales[] = {1.0, 0.2, 0.1, 0.01}, centres[] = {3.0, -20.0, 1.0, 0.5};
  Matrix<double> mean = Random(63, Stream::play).normal<double>(4, 300);
  for (Index j = 0; j < 4; ++j) {
    for (Index i = 0; i < 300; ++i) mean(j, i) = centres[j] + scales[j] * mean(j, i);
  }
  const ActiveUnits units = active_units(mean);
  REQUIRE(units.variance.size() == 4);
  Index count = 0;
  for (Index j = 0; j < 4; ++j) {
    long double sum = 0, squares = 0;
    for (Index i = 0; i < 300; ++i) sum += mean(j, i);
    for (Index i = 0; i < 300; ++i) {
      squares += (mean(j, i) - sum / 300) * (mean(j, i) - sum / 300);
    }
    const double variance = static_cast<double>(squares / 300);
    CHECK_THAT(units.variance(j), WithinRel(variance, 1e-12));
    if (variance > 0.01) ++count;
  }
  CHECK(units.count == count);
  CHECK((count == 2 || count == 3));
  CHECK(active_units(mean, 0.03).count == 2);
  CHECK(active_units(mean, 1e-5).count == 4);
  CHECK(active_units(Matrix<double>(mean.replicate(1, 2))).count == count);  // 1/N, not 1/(N - 1)
  CHECK(max_difference(active_units(Matrix<double>(mean.replicate(1, 2))).variance,
                       units.variance) < 1e-12);
  CHECK(active_units(Matrix<float>(mean.cast<float>())).count == count);
  CHECK(contains(refusal([] { active_units(Matrix<double>(3, 0)); }), "no samples"));
}

TEST_CASE("the k-sample bound by enumeration of all draws",
          "[estimators][eq:iwae-bound][eq:iwae-monotone]") {
  // One binary z: weights w_z = p(x, z) / q(z), z = 1 with chance q. E L_k is a sum over 2^k draws,
  // or, counting the ones among them, a binomial sum.
  const double q = 0.35, w[] = {0.05 / (1 - q), 0.4 / q}, evidence = 0.45;
  double before = -infinity;
  for (int k = 1; k <= 10; ++k) {
    const Index draws = Index{1} << k;
    Matrix<double> log_w(k, draws);
    std::vector<double> chance(static_cast<std::size_t>(draws), 1.0);
    for (Index i = 0; i < draws; ++i) {
      for (int j = 0; j < k; ++j) {
        const int z = static_cast<int>(i >> j & 1);
        log_w(j, i) = std::log(w[z]);
        chance[static_cast<std::size_t>(i)] *= z == 1 ? q : 1 - q;
      }
    }
    const RowVector<double> bounds = iwae_bound(log_w);
    REQUIRE(bounds.size() == draws);
    double got = 0, expected = 0, binomial = std::pow(1 - q, k);
    for (Index i = 0; i < draws; ++i) got += chance[static_cast<std::size_t>(i)] * bounds(i);
    for (int ones = 0; ones <= k; ++ones) {
      expected += binomial * std::log((ones * w[1] + (k - ones) * w[0]) / k);
      binomial *= q / (1 - q) * (k - ones) / (ones + 1);
    }
    INFO("k = " << k);
    CHECK_THAT(got, WithinAbs(expected, 1e-13));
    CHECK(got > before);
    CHECK(got < std::log(evidence));
    before = got;
  }
  // k = 1 is the ELBO itself.
  CHECK_THAT(iwae_bound(Matrix<double>{{-1.5, 2.0}})(1), WithinAbs(2.0, 1e-15));
}

TEST_CASE("the evidence is the mean of weights taken one by one", "[estimators][eq:log-evidence]") {
  // 300 is more than the 256 that are decoded at a time. 1e-12: the order of the sums.
  const Vae<double> vae({.pixels = 7, .hidden = {5}, .latent = 3}, 4);
  const Matrix<double> x = Random(62, Stream::play).uniform<double>(7, 3);
  const int k = 300;
  Threads threads(1);
  const EvidenceEstimate got = log_evidence(vae, DataSource<double>::from(x), 3, k, 9, threads);
  for (Index image = 0; image < 3; ++image) {
    // Every image its own numbers, d for each weight.
    const Random noise(9, Stream::evaluation, (1ULL << 32) + static_cast<std::uint64_t>(image));
    std::vector<double> log_weights;
    for (std::uint64_t j = 0; j < k; ++j) {
      const Matrix<double> eps{
          {noise.normal(3 * j)}, {noise.normal(3 * j + 1)}, {noise.normal(3 * j + 2)}};
      const Matrix<double> alone = x.col(image);
      log_weights.push_back(vae.log_weight(alone, vae.encode(alone), eps)(0));
    }
    const auto at = static_cast<std::size_t>(image);
    CHECK_THAT(got.per_sample[at], WithinAbs(averaged(log_weights).value(), 1e-12));
  }
}
