// Chapter 5: what each half of the ELBO wants, by leaving the other out.
#include "elbo/estimators.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Vae;

// Adds the codes of the first thousand test digits, as space number `space`.
void record(elbo::Table& table, int space, const Run& run, const Vae<float>& vae) {
  const Index shown = std::min<Index>(1000, run.data.test.count);
  const elbo::DiagonalNormal<float> q = vae.encode(run.data.test.block<float>(0, shown));
  for (Index i = 0; i < shown; ++i) {
    const auto& labels = run.data.test.labels;
    const double label = labels.empty() ? -1 : labels[static_cast<std::size_t>(i)];
    table.add({static_cast<double>(space), static_cast<double>(q.mean(0, i)),
               static_cast<double>(q.mean(1, i)), label});
  }
}

}  // namespace

void three_spaces(const Run& run) {
  const elbo::Images train = run.data.train.first(run.quick ? 5000 : 20000);
  const auto test = elbo::DataSource<float>::from(run.data.test);
  const auto fit = [&](const char* name, elbo::ObjectiveWeights weights) {
    Vae<float> vae({.pixels = train.dimension(), .hidden = {400}, .latent = 2}, run.seed);
    const elbo::TrainingOptions training{
        .epochs = run.quick ? 4 : 6, .weights = weights, .seed = run.seed};
    train_with_progress(run, name, vae, train, training);
    return vae;
  };
  // [spaces]
  const Vae<float> reconstruction = fit("reconstruction only", {.reconstruction = 1, .kl = 0});
  const Vae<float> kl = fit("KL only", {.reconstruction = 0, .kl = 1});
  const Vae<float> both = fit("both", {.reconstruction = 1, .kl = 1});
  // [spaces]

  elbo::Table table({"space", "x", "y", "label"});
  record(table, 0, run, reconstruction);
  record(table, 1, run, kl);
  record(table, 2, run, both);
  run.report.csv("three_spaces", table);

  const auto measure = [&](const Vae<float>& vae) {
    return elbo::elbo(vae, test, 1, run.seed, run.threads);
  };
  const elbo::ElboEstimate r = measure(reconstruction), k = measure(kl), b = measure(both);
  if (run.on_digits()) {
    run.report.claim("eq:kl-only", "KL only: q(z | x) becomes the prior, KL below 0.05 nats", 0,
                     k.kl, 0.05);
    run.report.claim_at_least("eq:reconstruction-only",
                              "reconstruction only: codes leave the prior, KL above that of both",
                              b.kl, r.kl);
    run.report.claim_at_least("eq:both-terms", "both: the best ELBO of the three",
                              std::max(r.elbo(), k.elbo()), b.elbo());
  }
  for (const auto& [name, e] : {std::pair{"reconstruction_only", r}, {"kl_only", k}, {"both", b}}) {
    run.report.result(std::string("space_") + name + "_kl", e.kl);
    run.report.result(std::string("space_") + name + "_reconstruction", e.reconstruction);
  }
}

}  // namespace chapter
