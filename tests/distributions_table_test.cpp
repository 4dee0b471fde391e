// The table distributions x properties: each sums to one, and its entropy is -E log p.
#include <limits>

#include "distributions_table.hpp"

using namespace elbo;

namespace {

struct Known {
  std::string name;
  Space space;
  LogProb log_prob;
  double entropy;
};

template <class Distribution>
Known known(const std::string& name, const Space& space, const Distribution& p, double entropy) {
  return {name, space, log_prob_of(p), entropy};
}

std::vector<Known> densities() {
  const DiagonalNormal<double> diagonal{column({0.7, -1.2}), column({0.6, -0.9})};
  const DiagonalNormal<double> narrow{column({0.1, 0.0}), column({-4.0, -5.0})};
  const Normal<double> full(column({-0.4, 0.9}), symmetric(1.3, -0.6, 0.5));
  return {known("diagonal normal", plane(12, 0.2), diagonal, diagonal.entropy()(0)),
          known("narrow normal", plane(1.4, 0.02), narrow, narrow.entropy()(0)),
          known("full normal", plane(12, 0.1), full, full.entropy())};
}

std::vector<Known> countables() {
  constexpr double never = -std::numeric_limits<double>::infinity();
  const Bernoulli<double> three{column({0.3, -2.1, 1.4})};
  const Categorical<double> five{column({0.3, -2.1, never, 4.0, 1.4})};
  return {known("Bernoulli", coins(3), three, three.entropy()(0)),
          known("categorical", outcomes(5), five, five.entropy())};
}

void check(const std::vector<Known>& table) {
  for (const Known& p : table) {
    INFO(p.name);
    const RowVector<double> log_p = p.log_prob(p.space.points);
    double total = 0;
    for (const double l : log_p) total += p.space.weight * std::exp(l);
    // 1e-12: the roundings of a sum of thousands of terms; the grids leave out less.
    CHECK_THAT(total, WithinAbs(1.0, 1e-12));
    CHECK_THAT(p.entropy, WithinAbs(-expected_log_ratio(p.space, p.log_prob), 1e-11));
  }
}

}  // namespace

TEST_CASE("normal densities integrate to one, entropy is -E log p",
          "[distributions][eq:normal-log-prob][eq:normal-entropy][eq:normal-full-log-prob]"
          "[eq:normal-full-entropy]") {
  check(densities());
  // Differential entropy can be negative, discrete entropy cannot.
  CHECK(densities()[1].entropy < 0);
}

TEST_CASE("discrete probabilities sum to one, entropy is -E log p",
          "[distributions][eq:bernoulli-log-prob][eq:bernoulli-entropy][eq:softmax][eq:entropy]") {
  check(countables());
  for (const Known& p : countables()) CHECK(p.entropy > 0);
  CHECK_THAT(Categorical<double>{Vector<double>::Zero(7)}.entropy(),
             WithinAbs(std::log(7.0), 1e-15));
  CHECK(Categorical<double>{Vector<double>::Zero(1)}.entropy() == 0.0);
}

TEST_CASE("a mixture's density integrates to one", "[distributions][eq:mixture-log-prob]") {
  const Mixture<double> mixture{{column({0.2, -1.0, 0.9})},
                                {{column({-3.0, 1.0}), symmetric(1.3, -0.6, 0.5)},
                                 {column({2.0, 2.0}), symmetric(0.4, 0.1, 0.9)},
                                 {column({0.0, -3.0}), symmetric(0.5, 0.2, 0.6)}}};
  const Space space = plane(14, 0.1);
  double total = 0;
  for (const double l : log_prob_of(mixture)(space.points)) total += space.weight * std::exp(l);
  CHECK_THAT(total, WithinAbs(1.0, 1e-12));
}
