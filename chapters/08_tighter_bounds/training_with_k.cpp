// Chapter 8, section 3: training with the k-sample bound.
#include <cmath>

#include "elbo/estimators.hpp"
#include "elbo/statistics.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Vae;

}  // namespace

void training_with_k(const Run& run) {
  const std::vector<double>& ks = run.options.samples;
  const Index measured = run.quick() ? 40 : 200;
  const int importance_samples = run.quick() ? 500 : 5000;
  const auto test = elbo::DataSource<float>::from(run.test);
  const elbo::Matrix<float> all = run.test.block<float>(0, run.test.count);

  elbo::Table table({"k", "log_evidence", "error", "elbo", "active_units"});
  elbo::Table units({"k", "unit", "variance"});
  std::vector<elbo::EvidenceEstimate> evidence;
  std::vector<double> active;
  for (const double k : ks) {
    // [train]
    const Vae<float> vae = fit(
        run, run.options.model(run.train.dimension()), run.train,
        {.epochs = run.options.epochs, .samples = static_cast<int>(k), .bound = elbo::Bound::iwae});
    // [train]
    // [measure]
    evidence.push_back(
        log_evidence(vae, test, measured, importance_samples, run.seed(), run.threads));
    const elbo::ElboEstimate bound = elbo::elbo(vae, test, 1, run.seed(), run.threads);
    const elbo::ActiveUnits code = elbo::active_units(vae.encode(all).mean);
    // [measure]
    active.push_back(static_cast<double>(code.count));
    const elbo::EvidenceEstimate& e = evidence.back();
    table.add({k, e.log_evidence, e.standard_error, bound.elbo(), active.back()});
    for (Index j = 0; j < code.variance.size(); ++j) {
      units.add({k, static_cast<double>(j), code.variance(j)});
    }
    const std::string name = "trained_" + std::to_string(static_cast<int>(k));
    run.report.result(name + "_log_evidence", e.log_evidence);
    run.report.result(name + "_elbo", bound.elbo());
    run.report.result(name + "_active_units", active.back());
    run.report.progress("training with k samples", static_cast<int>(evidence.size()),
                        static_cast<int>(ks.size()));
  }
  run.report.csv("training_with_k", table);
  run.report.csv("active_units", units);

  std::vector<double> gain;  // image by image: what the images have in common cancels
  for (std::size_t i = 0; i < evidence.front().per_sample.size(); ++i) {
    gain.push_back(evidence.back().per_sample[i] - evidence.front().per_sample[i]);
  }
  const elbo::Average mean(gain);
  run.report.result("gain_of_training_with_k", mean.mean);
  run.report.result("gain_of_training_with_k_se", mean.standard_error);
  if (!run.as_printed) return;
  run.report.claim_at_least("eq:iwae-training",
                            "largest k against k = 1: test log p(x) rises, in standard errors", 3,
                            mean.mean / mean.standard_error);
  run.report.claim_at_least("eq:active-units", "and no fewer dimensions of the code are active",
                            active.front(), active.back());
}

}  // namespace chapter
