// Chapter 8, section 4: the two halves of the bound as two prices. Rate R = the KL term: nats that
// the code spends on an image. Distortion D = -reconstruction: nats that the pixels still need once
// the code is known. -ELBO = D + R; beta says how much of one is worth how much of the other
// (Higgins et al. 2017; Alemi et al. 2018).
#include <algorithm>

#include "elbo/estimators.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

struct Point {
  double beta = 0, rate = 0, distortion = 0;
};

// [own-price]
// At its own beta no other model of the family may be cheaper: D_i + beta_i R_i <= D_j + beta_i
// R_j. For two neighbours that says that the chord between them falls with a slope between their
// betas.
double worst_excess(const std::vector<Point>& points) {
  double worst = -1e300;
  for (const Point& own : points) {
    for (const Point& other : points) {
      if (own.beta == other.beta) continue;
      const double excess = own.distortion - other.distortion + own.beta * (own.rate - other.rate);
      worst = std::max(worst, excess);
    }
  }
  return worst;
}
// [own-price]

}  // namespace

void rate_distortion(const Run& run) {
  const auto train = elbo::DataSource<float>::from(run.train);
  const auto test = elbo::DataSource<float>::from(run.test);
  elbo::Table table({"beta", "rate", "distortion", "train_rate", "train_distortion"});
  std::vector<Point> on_train;
  double best_elbo = -1e300, best_beta = 0;
  for (const double beta : run.options.beta) {
    const elbo::Vae<float> vae =
        fit(run, run.options.model(run.train.dimension()), run.train,
            {.epochs = run.options.epochs, .weights = {.reconstruction = 1, .kl = beta}});
    const elbo::ElboEstimate a = elbo::elbo(vae, train, 1, run.seed(), run.threads);
    const elbo::ElboEstimate b = elbo::elbo(vae, test, 1, run.seed(), run.threads);
    on_train.push_back({beta, a.kl, -a.reconstruction});
    table.add({beta, b.kl, -b.reconstruction, a.kl, -a.reconstruction});
    if (b.elbo() > best_elbo) best_elbo = b.elbo(), best_beta = beta;
    run.report.progress("rate and distortion", static_cast<int>(on_train.size()),
                        static_cast<int>(run.options.beta.size()));
  }
  run.report.csv("rate_distortion", table);
  run.report.result("rate_at_smallest_beta", on_train.front().rate);
  run.report.result("rate_at_largest_beta", on_train.back().rate);
  run.report.result("best_test_elbo_beta", best_beta);
  if (!run.as_printed) return;
  run.report.claim_at_most("eq:rate-distortion",
                           "each beta's model is the cheapest of all at its own price D + beta R",
                           0, worst_excess(on_train));
  double most = 0;
  for (std::size_t i = 1; i < on_train.size(); ++i) {
    most = std::max(most, on_train[i].rate / on_train[i - 1].rate);
  }
  run.report.claim_at_most(
      "eq:rate-falls", "a larger beta, a smaller rate: largest part of the one before", 0.8, most);
}

}  // namespace chapter
