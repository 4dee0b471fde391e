// Chapter 9, section 4: does a richer posterior pay on digits? The same encoder, decoder, images,
// batches and steps, once with a mean-field posterior and once with an inverse autoregressive flow
// behind it.
#include <algorithm>
#include <cmath>

#include "elbo/estimators.hpp"
#include "elbo/statistics.hpp"
#include "posteriors.hpp"

namespace chapter {
namespace {

using elbo::Average;
using elbo::Index;
using elbo::Matrix;

// [paired]
// For every image: the ELBO, averaged over K draws, and the K-sample bound, which is log p(x) as
// nearly as K draws can tell. Both models see the same images and noise, so that their difference
// is known better than either.
struct Measured {
  std::vector<double> elbo, log_evidence, effective_sample_size;
};
template <template <class> class Model>
Measured measure(const Run& run, const Model<float>& vae, const elbo::Images& images) {
  constexpr Index width = 250;  // codes decoded at a time
  const Index k = run.importance_samples, d = vae.latent();
  const std::vector<double> zeros(static_cast<std::size_t>(images.count));
  Measured result{zeros, zeros, zeros};
  run.threads.run(static_cast<int>(images.count), [&](int image) {
    const Matrix<float> x = images.block<float>(image, 1);
    const auto q = vae.encode(x);
    const elbo::Random random(run.seed, elbo::Stream::evaluation,
                              std::uint64_t{1} << 32 | static_cast<std::uint64_t>(image));
    elbo::LogMeanExp mean;
    double sum = 0;
    for (Index first = 0; first < k; first += width) {
      const Index n = std::min(width, k - first);
      const Matrix<float> eps = random.normal<float>(d, n, static_cast<std::uint64_t>(first * d));
      for (const float log_w : vae.log_weight(x.replicate(1, n), copies(q, n), eps)) {
        mean.add(static_cast<double>(log_w));
        sum += static_cast<double>(log_w);
      }
    }
    const auto at = static_cast<std::size_t>(image);
    result.elbo[at] = sum / static_cast<double>(k);
    result.log_evidence[at] = mean.value();
    result.effective_sample_size[at] = mean.effective_sample_size();
  });
  return result;
}

std::vector<double> gap_of(const Measured& m) {
  std::vector<double> values(m.elbo.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = m.log_evidence[i] - m.elbo[i];
  return values;
}

Average difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> values(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) values[i] = a[i] - b[i];
  return Average(values);
}
// [paired]

}  // namespace

void digits(const Run& run, const elbo::Dataset& data) {
  const Index pixels = data.train.dimension();
  // [two-models]
  elbo::Vae<float> mean_field({.pixels = pixels, .hidden = {200}, .latent = run.latent}, run.seed);
  elbo::FlowVae<float> flow({.pixels = pixels,
                             .hidden = {200},
                             .latent = run.latent,
                             .context = run.latent,
                             .flow_hidden = {run.flow_hidden},
                             .steps = run.steps},
                            run.seed);
  // [two-models]
  train_with_progress(run, "mean field", mean_field, data.train, run.epochs);
  train_with_progress(run, "flow", flow, data.train, run.epochs);

  const elbo::Images test = data.test.first(run.quick ? 100 : 500);
  const Measured m = measure(run, mean_field, test), f = measure(run, flow, test);
  const Average gain_elbo = difference(f.elbo, m.elbo);
  const Average gain = difference(f.log_evidence, m.log_evidence);
  const Average gap_m(gap_of(m)), gap_f(gap_of(f));

  elbo::Table table({"model", "elbo", "elbo_se", "log_evidence", "log_evidence_se", "gap", "gap_se",
                     "effective_sample_size"});
  const auto row = [&](double model, const Measured& of, const Average& gap) {
    const Average bound(of.elbo), evidence(of.log_evidence);
    table.add({model, bound.mean, bound.standard_error, evidence.mean, evidence.standard_error,
               gap.mean, gap.standard_error, Average(of.effective_sample_size).mean});
  };
  row(0, m, gap_m);
  row(1, f, gap_f);
  run.report.csv("digits", table);
  if (on_digits(data)) {
    // What a flow is for. Its zero would be a posterior that needs no bending.
    const Average closed = difference(gap_of(m), gap_of(f));
    run.report.claim_at_least("eq:flow-closes-gap",
                              "digits: the flow leaves less between ELBO and log p(x), by more "
                              "than 3 standard errors",
                              3 * closed.standard_error, closed.mean);
  }
  if (on_digits(data) && !run.quick) {
    run.report.claim_at_least("eq:flow-gain", "digits: and its test ELBO is higher, by more than 2",
                              2 * gain_elbo.standard_error, gain_elbo.mean);
  }
  // What is gained in the bound need not be gained in log p(x): a decoder that was trained with a
  // mean-field posterior has learned to have posteriors of that kind.
  char line[120];
  std::snprintf(line, sizeof(line),
                "log p(x) of %d test images, flow - mean field: %.2f +- %.2f nats",
                static_cast<int>(test.count), gain.mean, gain.standard_error);
  run.report.say(line);
  for (const auto& [name, value] : {std::pair{"gain_elbo", gain_elbo},
                                    {"gain_log_evidence", gain},
                                    {"mean_field_gap", gap_m},
                                    {"flow_gap", gap_f},
                                    {"mean_field_elbo", Average(m.elbo)},
                                    {"flow_elbo", Average(f.elbo)},
                                    {"mean_field_log_evidence", Average(m.log_evidence)},
                                    {"flow_log_evidence", Average(f.log_evidence)}}) {
    run.report.result(name, value.mean);
    run.report.result(std::string(name) + "_se", value.standard_error);
  }
  run.report.result("mean_field_parameters", static_cast<double>(mean_field.parameters.size()));
  run.report.result("flow_parameters", static_cast<double>(flow.parameters.size()));
}

}  // namespace chapter
