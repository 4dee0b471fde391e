// Means and their standard errors.
#include "elbo/statistics.hpp"

#include "check.hpp"

using elbo::Average;

TEST_CASE("a mean and its standard error, worked by hand", "[statistics][eq:standard-error]") {
  // 1, 2, 6: mean 3, squares 4 + 1 + 9 = 14, variance 14 / 2, standard error sqrt(7 / 3).
  const Average average({1.0, 2.0, 6.0});
  CHECK_THAT(average.mean, WithinAbs(3.0, 1e-15));
  CHECK_THAT(average.standard_error, WithinAbs(std::sqrt(7.0 / 3.0), 1e-15));
  CHECK(Average({5.0}).standard_error == 0.0);
}
