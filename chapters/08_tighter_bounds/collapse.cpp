// Chapter 8, section 5: posterior collapse, and two remedies at equal budget.
#include <algorithm>
#include <functional>

#include "elbo/estimators.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Vae;

struct Fitted {
  std::vector<double> kl;  // by dimension, largest first, mean over the test images
  double active = 0, elbo = 0, log_evidence = 0;
};

Fitted measure(const Run& run, const Vae<float>& vae) {
  const auto test = elbo::DataSource<float>::from(run.test);
  const elbo::DiagonalNormal<float> q = vae.encode(run.test.block<float>(0, run.test.count));
  const Matrix<double> kl = kl_by_dimension(q).cast<double>();
  Fitted fitted;
  for (const double mean : kl.rowwise().mean()) fitted.kl.push_back(mean);
  std::sort(fitted.kl.begin(), fitted.kl.end(), std::greater<>());
  fitted.active = static_cast<double>(elbo::active_units(q.mean).count);
  fitted.elbo = elbo::elbo(vae, test, 1, run.seed(), run.threads).elbo();
  fitted.log_evidence = log_evidence(vae, test, run.quick() ? 40 : 200, run.quick() ? 100 : 1000,
                                     run.seed(), run.threads)
                            .log_evidence;
  return fitted;
}

}  // namespace

void collapse(const Run& run) {
  const ChapterOptions& o = run.options;
  const auto train_with = [&](const elbo::TrainingOptions& training, int number) {
    const Fitted fitted =
        measure(run, fit(run, o.model(run.train.dimension()), run.train, training));
    run.report.progress("collapse and remedies", number, 3);
    return fitted;
  };
  // [remedies]
  const Fitted plain = train_with({.epochs = o.epochs}, 1);
  const Fitted warm_up = train_with({.epochs = o.epochs, .warm_up = o.warm_up * o.epochs}, 2);
  const Fitted free_bits =
      train_with({.epochs = o.epochs, .weights = {.free_bits = o.free_bits}}, 3);
  // [remedies]

  elbo::Table table({"unit", "plain", "warm_up", "free_bits"});
  for (std::size_t j = 0; j < plain.kl.size(); ++j) {
    table.add({static_cast<double>(j + 1), plain.kl[j], warm_up.kl[j], free_bits.kl[j]});
  }
  run.report.csv("kl_by_dimension", table);
  for (const auto& [name, f] :
       {std::pair{"plain", &plain}, {"warm_up", &warm_up}, {"free_bits", &free_bits}}) {
    run.report.result(std::string(name) + "_active_units", f->active);
    run.report.result(std::string(name) + "_elbo", f->elbo);
    run.report.result(std::string(name) + "_log_evidence", f->log_evidence);
  }
  if (!run.as_printed) return;
  run.report.claim_at_most("eq:posterior-collapse",
                           "plain: its emptiest dimension carries next to nothing", 0.03,
                           plain.kl.back());
  run.report.claim_at_least("eq:free-bits", "free bits: every dimension keeps half of its own",
                            0.5 * o.free_bits, free_bits.kl.back());
  run.report.claim_at_least("eq:kl-warm-up", "warm-up: no fewer active dimensions than plain",
                            plain.active, warm_up.active);
}

}  // namespace chapter
