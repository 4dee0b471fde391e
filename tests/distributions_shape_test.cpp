// A wrong shape is refused in words: what was wanted and what was found.
#include "distributions_table.hpp"

using namespace elbo;

namespace {

// The message must name both shapes.
template <class Action>
void check_refused(const std::string& wanted, const std::string& found, Action&& action) {
  const std::string message = refusal(action);
  INFO("message: '" << message << "'");
  CHECK(contains(message, "wanted shape " + wanted));
  CHECK(contains(message, "found " + found));
}

const Matrix<double> two_three = Matrix<double>::Ones(2, 3), three_two = Matrix<double>::Ones(3, 2);

}  // namespace

TEST_CASE("wrong shapes", "[distributions][shape]") {
  const DiagonalNormal<double> q{two_three, two_three}, p{three_two, three_two};
  check_refused("2 x 3", "3 x 2", [&] { q.log_prob(three_two); });
  check_refused("2 x 3", "3 x 2", [&] { q.rsample(three_two); });
  check_refused("2 x 3", "3 x 2", [&] { kl_divergence(q, p); });
  check_refused("2 x 3", "3 x 2",
                [&] { DiagonalNormal<double>::from_scale(two_three, three_two); });

  const Bernoulli<double> coins_q{two_three}, coins_p{three_two};
  check_refused("2 x 3", "3 x 2", [&] { coins_q.log_prob(three_two); });
  check_refused("2 x 3", "3 x 2", [&] { coins_q.sample(three_two); });
  check_refused("2 x 3", "3 x 2", [&] { kl_divergence(coins_q, coins_p); });

  const Normal<double> full(column({0, 0}), symmetric(2, 1, 2)), line(column({0}), column({1}));
  check_refused("2 x 2", "3 x 2", [&] { full.log_prob(three_two); });
  check_refused("2 x 2", "3 x 2", [&] { full.rsample(three_two); });
  check_refused("2 x 1", "1 x 1", [&] { kl_divergence(full, line); });
  check_refused("3 x 3", "2 x 2", [&] { Normal<double>(column({0, 0, 0}), symmetric(2, 1, 2)); });

  const Categorical<double> three{column({0, 0, 0})}, two{column({0, 0})};
  check_refused("3 x 1", "2 x 1", [&] { kl_divergence(three, two); });
  const Mixture<double> unequal{three, {line}};
  check_refused("1 x 1", "3 x 1", [&] { unequal.log_prob(column({0})); });
}

TEST_CASE("a covariance must be positive definite", "[distributions]") {
  const auto build = [](const Matrix<double>& s) {
    return refusal([&] { Normal<double>(column({0, 0}), s); });
  };
  CHECK(contains(build(symmetric(1, 2, 1)), "positive definite"));
  CHECK(contains(build(symmetric(-1, 0, 1)), "positive definite"));
  CHECK(contains(build(symmetric(1, 1, 1)), "positive definite"));
  CHECK(build(symmetric(1, 0.9, 1)).empty());
}

TEST_CASE("a covariance that is not a number is refused", "[distributions]") {
  elbo::Matrix<double> covariance = elbo::Matrix<double>::Identity(2, 2);
  covariance(1, 1) = std::nan("");
  CHECK_THROWS_AS(elbo::Normal<double>(elbo::Vector<double>::Zero(2), covariance),
                  std::invalid_argument);
}
