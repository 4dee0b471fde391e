// Chapter 5. Train the VAE and watch both halves of the ELBO.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "chapter_options.hpp"
#include "elbo/checkpointer.hpp"
#include "elbo/estimators.hpp"
#include "sections.hpp"

namespace {

using chapter::ChapterOptions;
using elbo::Images;
using elbo::Vae;

// Trains it, whether from the beginning or from where a checkpoint stands.
void train_readers_model(const chapter::Run& run, const ChapterOptions& o, Vae<float>& vae) {
  const auto images = elbo::DataSource<float>::from(run.data.train);
  const auto test = elbo::DataSource<float>::from(run.data.test);
  elbo::Table curve(
      {"epoch", "train_reconstruction", "train_kl", "test_reconstruction", "test_kl", "seconds"});
  const elbo::TrainingOptions training{.epochs = o.epochs,
                                       .batch = o.batch,
                                       .samples = o.samples,
                                       .weights = {.reconstruction = 1, .kl = o.beta},
                                       .seed = run.seed};
  // [train]
  elbo::Adam<float> adam(vae.parameters.size(), {.learning_rate = o.learning_rate});
  elbo::Trainer<float, Vae> trainer(vae, adam, training, run.threads);
  const auto watch = [&](const elbo::Epoch& e) {
    const elbo::ElboEstimate now = elbo::elbo(vae, test, 1, run.seed, run.threads);
    curve.add({static_cast<double>(e.number), e.reconstruction, e.kl, now.reconstruction, now.kl,
               e.seconds});
  };
  // [train]
  elbo::Checkpointer<float> keeper(o.checkpoint, o.key(run.data),
                                   {vae.parameters, vae.layout(), adam, trainer.progress, curve},
                                   o.options.command());
  if (!keeper.started().empty()) run.report.say(keeper.started());
  trainer.train(images, chapter::with_progress(run, "training", o.epochs, watch), keeper.on_step());
  keeper.finish();

  std::vector<elbo::Series> columns = curve.columns();
  const std::vector<double>& seconds = columns.back().values;
  run.report.result("seconds_per_epoch",
                    std::accumulate(seconds.begin(), seconds.end(), 0.0) / o.epochs);
  columns.pop_back();  // a clock's: the others are the same in every run
  run.report.csv("curves", columns);
}

// The reader's own model: training curves, the test set's verdict, pictures.
void readers_model(const chapter::Run& run, const ChapterOptions& o) {
  const auto test = elbo::DataSource<float>::from(run.data.test);
  // [model]
  Vae<float> vae(o.model(run.data.train.dimension()), run.seed);
  // [model]
  train_readers_model(run, o, vae);
  run.report.fingerprint("parameters",
                         {reinterpret_cast<const char*>(vae.parameters.data()),
                          sizeof(float) * static_cast<std::size_t>(vae.parameters.size())});

  const Images part = run.data.train.first(10000);
  const auto train = elbo::DataSource<float>::from(part);
  const elbo::ElboEstimate on_train = elbo::elbo(vae, train, 1, run.seed, run.threads);
  const elbo::ElboEstimate on_test = elbo::elbo(vae, test, 10, run.seed, run.threads);
  run.report.result("train_elbo", on_train.elbo());
  run.report.result("test_elbo", on_test.elbo());
  run.report.result("test_elbo_se", on_test.standard_error);
  run.report.result("test_reconstruction", on_test.reconstruction);
  run.report.result("test_kl", on_test.kl);

  // [evidence]
  const Images few = run.data.test.first(run.quick ? 200 : 2000);
  const auto some = elbo::DataSource<float>::from(few);
  const elbo::EvidenceEstimate evidence =
      log_evidence(vae, some, few.count, o.importance_samples, run.seed, run.threads);
  const elbo::ElboEstimate bound = elbo::elbo(vae, some, 10, run.seed, run.threads);
  // [evidence]
  run.report.result("test_log_evidence", evidence.log_evidence);
  run.report.result("test_log_evidence_se", evidence.standard_error);
  run.report.result("test_log_evidence_monte_carlo_se", evidence.monte_carlo_error);
  run.report.result("test_log_evidence_images", static_cast<double>(few.count));
  run.report.result("test_log_evidence_samples", o.importance_samples);
  // Both sides are estimates of the same images; a float sum of pixels rounds at the 6th digit.
  run.report.claim_at_most("eq:elbo-bound", "test ELBO is below log p(x) of the same images",
                           evidence.log_evidence, bound.elbo(),
                           5 * std::hypot(evidence.monte_carlo_error, bound.monte_carlo_error) +
                               1e-6 * std::abs(bound.elbo()));
  draw_pictures(run, vae);
}

int run(int argc, char** argv) {
  ChapterOptions o;
  if (!o.parse(argc, argv)) return 0;
  const elbo::CommonOptions& common = o.options.common;
  elbo::Report report(o.options);
  elbo::Threads threads(common.threads);

  // [data]
  const elbo::DataLimits limits = common.quick ? elbo::DataLimits{10000, 2000} : elbo::DataLimits{};
  const elbo::Dataset digits = elbo::load_digits(common.data, limits, threads.count());
  // [data]
  constexpr elbo::Index fewest = 100;  // enough for a mini-batch and a sheet of pictures
  if (std::min(digits.train.count, digits.test.count) < fewest) {
    throw std::runtime_error("--data " + common.data + ": wanted at least " +
                             std::to_string(fewest) + " training and test images, found " +
                             std::to_string(digits.train.count) + " and " +
                             std::to_string(digits.test.count) + "; choose a larger set");
  }
  report.data(digits);
  report.say(digits.name + ": " + std::to_string(digits.train.count) + " training and " +
             std::to_string(digits.test.count) + " test images");
  if (!digits.binary) {
    report.say(
        "The pixels are grey: the Bernoulli \"log p(x)\" below is the usual VAE objective, "
        "not a likelihood, and compares with no binarised result.");
  }

  const chapter::Run here{report, digits, threads, common.seed, common.quick};
  chapter::check_by_hand(here);
  readers_model(here, o);
  chapter::plane(here);
  chapter::three_spaces(here);
  chapter::gaussian_decoders(here);
  return report.finish();
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("05_vae", [&] { return run(argc, argv); });
}
