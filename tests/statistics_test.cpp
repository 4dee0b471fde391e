// Means and their standard errors.
#include "elbo/statistics.hpp"

#include "check.hpp"
#include "elbo/random.hpp"

using elbo::Average;

TEST_CASE("a mean and its standard error, worked by hand", "[statistics][eq:standard-error]") {
  // 1, 2, 6: mean 3, squares 4 + 1 + 9 = 14, variance 14 / 2, standard error sqrt(7 / 3).
  const Average average({1.0, 2.0, 6.0});
  CHECK_THAT(average.mean, WithinAbs(3.0, 1e-15));
  CHECK_THAT(average.standard_error, WithinAbs(std::sqrt(7.0 / 3.0), 1e-15));
  CHECK(Average({5.0}).standard_error == 0.0);
}

TEST_CASE("what a chain's draws are worth", "[statistics][eq:chain-effective-sample-size]") {
  // z' = c z + noise has the autocorrelations c^k: a draw is worth (1 - c) / (1 + c). The mean of
  // 100 chains' estimates; a single one of 2000 numbers errs by some 10 %, and downwards by 2 %:
  // the sum stops where noise takes over.
  const elbo::Random numbers(83, elbo::Stream::play);
  for (const double c : {0.0, 0.5, 0.8, -0.5}) {
    elbo::MonteCarlo worth;
    for (std::uint64_t chain = 0; chain < 100; ++chain) {
      const elbo::Matrix<double> noise = numbers.normal<double>(1, 2000, chain * 2000);
      std::vector<double> values = {noise(0) / std::sqrt(1 - c * c)};
      for (elbo::Index i = 1; i < noise.cols(); ++i) values.push_back(c * values.back() + noise(i));
      worth.add(elbo::chain_effective_sample_size(values) / 2000);
    }
    INFO("c = " << c);
    CHECK_THAT(worth.mean(), WithinRel((1 - c) / (1 + c), 0.05));
  }
}

TEST_CASE("what a chain is worth, worked by hand", "[statistics][eq:chain-effective-sample-size]") {
  // 1, 1, -1, -1: mean 0, covariances 4/4, 1/4, -2/4, -1/4. The first pair is 5/4, the second
  // negative: 4 / (2 * 5/4 - 1) = 8/3.
  CHECK_THAT(elbo::chain_effective_sample_size({1, 1, -1, -1}), WithinAbs(8.0 / 3.0, 1e-14));
  CHECK(elbo::chain_effective_sample_size({2, 2, 2, 2}) == 1);
}
