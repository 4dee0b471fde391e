// Random numbers: do they look like what they claim to be?
#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <vector>

#include "check.hpp"
#include "elbo/random.hpp"

using namespace elbo;

namespace {

constexpr int count = 100000;

std::vector<double> draw(bool normal, const Random& random) {
  std::vector<double> values(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    values[i] = normal ? random.normal(i) : random.uniform(i);
  }
  return values;
}

// Kolmogorov and Smirnov's sqrt(n) max |empirical - cdf|; above 2.3 once in 20,000 samples.
template <class Cdf>
double kolmogorov_smirnov(std::vector<double> values, Cdf&& cdf) {
  std::sort(values.begin(), values.end());
  double worst = 0;
  const double n = static_cast<double>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double f = cdf(values[i]), below = static_cast<double>(i) / n;
    worst = std::max({worst, f - below, below + 1 / n - f});
  }
  return worst * std::sqrt(n);
}

// (sum (observed - expected)^2 / expected - freedom) / sqrt(2 freedom): how many standard errors a
// table of counts is from equal counts.
double chi_square_distance(const std::vector<long>& counts) {
  double total = 0, sum = 0;
  for (const long c : counts) total += static_cast<double>(c);
  const double expected = total / static_cast<double>(counts.size());
  for (const long c : counts) sum += std::pow(static_cast<double>(c) - expected, 2) / expected;
  const double freedom = static_cast<double>(counts.size()) - 1;
  return (sum - freedom) / std::sqrt(2 * freedom);
}

}  // namespace

TEST_CASE("uniform numbers are uniform on the open interval", "[random]") {
  const std::vector<double> u = draw(false, Random(5, Stream::play));
  CHECK(*std::min_element(u.begin(), u.end()) > 0.0);
  CHECK(*std::max_element(u.begin(), u.end()) < 1.0);
  CHECK(kolmogorov_smirnov(u, [](double v) { return v; }) < 2.3);
}

TEST_CASE("normal numbers are standard normal", "[random]") {
  const std::vector<double> z = draw(true, Random(6, Stream::play));
  CHECK(kolmogorov_smirnov(z, [](double v) { return 0.5 * std::erfc(-v / std::sqrt(2.0)); }) < 2.3);
  const double moments[] = {0, 1, 0, 3, 0, 15};  // E z^k, k = 1 ..
  for (int k = 1; k <= 6; ++k) {
    MonteCarlo moment;
    for (const double v : z) moment.add(std::pow(v, k));
    INFO("moment " << k);
    CHECK(moment.distance(moments[k - 1]) < sigmas);
  }
}

TEST_CASE("neighbours, seeds, streams and substreams are unrelated", "[random]") {
  const std::vector<double> z = draw(true, Random(6, Stream::play));
  // Within one stream: z and z^2, at every distance inside a block of four and just beyond.
  for (std::size_t lag = 1; lag <= 5; ++lag) {
    MonteCarlo product, product_of_squares;
    for (std::size_t i = 0; i + lag < z.size(); ++i) {
      product.add(z[i] * z[i + lag]);
      product_of_squares.add((z[i] * z[i] - 1) * (z[i + lag] * z[i + lag] - 1));
    }
    INFO("lag " << lag);
    CHECK(product.distance(0) < sigmas);
    CHECK(product_of_squares.distance(0) < sigmas);
  }
  // Across streams that differ in one thing alone.
  for (const Random& other :
       {Random(7, Stream::play), Random(6 + (1ULL << 32), Stream::play), Random(6, Stream::prior),
        Random(6, Stream::play, 1), Random(6, Stream::play, 1ULL << 40)}) {
    MonteCarlo product;
    for (std::uint64_t i = 0; i < count; ++i) product.add(z[i] * other.normal(i));
    CHECK(product.distance(0) < sigmas);
  }
}

TEST_CASE("whole numbers below a bound are equally frequent", "[random]") {
  for (const std::uint32_t bound : {2U, 7U, 10U}) {
    std::vector<long> counts(bound);
    for (std::uint64_t i = 0; i < count; ++i) ++counts.at(Random(8, Stream::play).below(bound, i));
    CHECK(chi_square_distance(counts) < sigmas);
  }
}

TEST_CASE("a permutation holds every number once, in any order equally often", "[random]") {
  for (const std::uint32_t n : {0U, 1U, 2U, 1000U}) {
    const std::vector<std::uint32_t> order = Random(9, Stream::shuffle).permutation(n);
    const std::set<std::uint32_t> seen(order.begin(), order.end());
    CHECK((order.size() == n && seen.size() == n && (n == 0 || *seen.rbegin() == n - 1)));
  }
  // All 24 orders of four: a shuffle that swaps with the wrong range favours some.
  std::vector<long> counts(256);
  for (std::uint64_t i = 0; i < 24000; ++i) {
    const std::vector<std::uint32_t> p = Random(9, Stream::shuffle, i).permutation(4);
    ++counts[p[0] + 4 * p[1] + 16 * p[2] + 64 * p[3]];
  }
  std::erase(counts, 0);
  CHECK(counts.size() == 24);
  CHECK(chi_square_distance(counts) < sigmas);
}
