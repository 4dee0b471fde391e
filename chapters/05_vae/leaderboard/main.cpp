// The leaderboard: one VAE, trained for as long as it is worth, and log p(x) of the
// test images by importance sampling. The settings were chosen on the validation images
// (leaderboard.json has them, leaderboard.py runs them); the test images are looked at once, here,
// at the end.
#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

#include "elbo/estimators.hpp"
#include "elbo/report.hpp"
#include "elbo/safetensors.hpp"
#include "settings.hpp"

namespace {

using elbo::Images;
using elbo::Index;
using leaderboard::Settings;

// The last tenth or so of the training images, where a set has no validation images of its own.
void split_off_validation(elbo::Dataset& data) {
  const Index kept = data.train.count - std::min<Index>(10000, data.train.count / 6);
  const Index dimension = data.train.dimension();
  data.valid = {data.train.count - kept, data.train.rows, data.train.cols, {}, {}};
  data.valid.pixels.assign(data.train.pixels.begin() + kept * dimension, data.train.pixels.end());
  data.train = data.train.first(kept);
}

// [binarize]
// Every pixel white with the probability that its grey level is.
void binarize(const Images& grey, const elbo::Random& random, elbo::Threads& threads, Images& out) {
  out = {grey.count, grey.rows, grey.cols, out.pixels, {}};
  out.pixels.resize(grey.pixels.size());
  constexpr Index some = 100;
  threads.run(static_cast<int>((grey.count + some - 1) / some), [&](int part) {
    const Index first = part * some * grey.dimension();
    const Index n = std::min(some * grey.dimension(), Index(grey.pixels.size()) - first);
    const elbo::Matrix<float> u = random.uniform<float>(n, 1, static_cast<std::uint64_t>(first));
    for (Index i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(first + i);
      out.pixels[at] = u(i) * 255 < static_cast<float>(grey.pixels[at]) ? 255 : 0;
    }
  });
}
// [binarize]

elbo::Dataset load(const Settings& s, elbo::Threads& threads) {
  const bool quick = s.options.common.quick;
  const elbo::DataLimits limits = quick ? elbo::DataLimits{6000, 500} : elbo::DataLimits{};
  elbo::Dataset data = elbo::load_digits(s.options.common.data, limits, threads.count());
  if (data.valid.count == 0) split_off_validation(data);
  if (quick) data.valid = data.valid.first(500);
  if (s.binarization == "static" && !data.binary) {
    throw elbo::UsageError("--data " + data.name +
                           ": wanted pixels that are black or white, found grey ones, of which a "
                           "Bernoulli density is no likelihood; try --binarization dynamic, or "
                           "grey, whose numbers compare with no other's");
  }
  return data;
}

void train(const Settings& s, const elbo::Dataset& data, elbo::Report& report,
           elbo::Threads& threads, elbo::Vae<float>& vae) {
  const std::uint64_t seed = s.options.common.seed;
  Images drawn;
  const auto draw = [&](int epoch) {
    const auto substream = static_cast<std::uint64_t>(epoch);
    binarize(data.train, {seed, elbo::Stream::data, substream}, threads, drawn);
  };
  const auto images = elbo::DataSource<float>::from(s.dynamic() ? drawn : data.train);
  const auto valid = elbo::DataSource<float>::from(data.valid);

  elbo::Adam<float> adam(vae.parameters.size(), {.learning_rate = s.learning_rate});
  elbo::Trainer<float, elbo::Vae> trainer(vae, adam, s.training(), threads);
  elbo::Table curve({"epoch", "train_bound", "valid_elbo", "seconds"});
  elbo::Checkpointer<float> keeper(s.checkpoint, s.key(data),
                                   {vae.parameters, vae.layout(), adam, trainer.progress, curve},
                                   s.options.command());
  if (!keeper.started().empty()) report.say(keeper.started());
  if (s.dynamic()) draw(trainer.progress.epochs + 1);
  auto source = images;
  source.count = data.train.count;
  const auto watch = [&](const elbo::Epoch& e) {
    const double now = elbo::elbo(vae, valid, 1, seed, threads).elbo();
    curve.add({double(e.number), e.elbo(), now, e.seconds});
    report.progress("training", e.number, s.epochs, "validation ELBO " + std::to_string(now));
    if (s.dynamic() && e.number < s.epochs) draw(e.number + 1);
  };
  trainer.train(source, watch, keeper.on_step());
  keeper.finish();

  const std::vector<double>& seconds = curve.columns().back().values;
  report.result("training_seconds", std::accumulate(seconds.begin(), seconds.end(), 0.0));
  report.csv("curve", curve);
}

// The parameters by their names, for pages and other programs; the header tells the settings.
void save_model(const Settings& s, const elbo::Dataset& data, const elbo::Vae<float>& vae) {
  elbo::TensorFile file;
  for (const auto& [name, slice] : vae.layout().slices()) {
    file.tensors.push_back(elbo::to_tensor(name, slice.in(vae.parameters)));
  }
  for (const auto& [name, value] : s.key(data).settings) file.metadata[name] = value;
  file.metadata["--seed"] = std::to_string(s.options.common.seed);
  save_safetensors(s.options.common.out / "model.safetensors", file);
}

// Goes on from such a file: its numbers instead of those of the seed.
void start_from(const std::filesystem::path& path, elbo::Vae<float>& vae) {
  const elbo::TensorFile file = elbo::load_safetensors(path);
  for (const auto& [name, slice] : vae.layout().slices()) {
    const elbo::Tensor& block = file.get(name, elbo::element_type(0.0F), {slice.rows, slice.cols});
    slice.in(vae.parameters) = elbo::to_matrix<float>(block);
  }
}

void measure(const Settings& s, const std::string& part, const Images& images, int k,
             elbo::Report& report, elbo::Threads& threads, const elbo::Vae<float>& vae) {
  const auto source = elbo::DataSource<float>::from(images);
  const std::uint64_t seed = s.options.common.seed;
  const elbo::EvidenceEstimate e = log_evidence(vae, source, images.count, k, seed, threads);
  const elbo::ElboEstimate bound = elbo::elbo(vae, source, 10, seed, threads);
  report.result(part + "_log_evidence", e.log_evidence);
  report.result(part + "_log_evidence_se", e.standard_error);
  report.result(part + "_log_evidence_monte_carlo_se", e.monte_carlo_error);
  report.result(part + "_effective_sample_size", e.effective_sample_size);
  report.result(part + "_importance_samples", k);
  report.result(part + "_images", static_cast<double>(images.count));
  report.result(part + "_elbo", bound.elbo());
  // It fails where the two disagree about the model: a density with a missing term in one of them.
  report.claim_at_most("eq:elbo-bound", part + ": the ELBO is below log p(x) of the same images",
                       e.log_evidence, bound.elbo(),
                       5 * std::hypot(e.monte_carlo_error, bound.monte_carlo_error));
}

int run(int argc, char** argv) {
  Settings s;
  if (!s.parse(argc, argv)) return 0;
  elbo::Report report(s.options);
  elbo::Threads threads(s.options.common.threads);
  elbo::Dataset data = load(s, threads);
  report.data(data);

  elbo::Vae<float> vae(s.model(data.train.dimension()), s.options.common.seed);
  if (!s.start.empty()) start_from(s.start, vae);
  train(s, data, report, threads, vae);
  save_model(s, data, vae);
  report.fingerprint("parameters",
                     {reinterpret_cast<const char*>(vae.parameters.data()),
                      sizeof(float) * static_cast<std::size_t>(vae.parameters.size())});

  if (s.dynamic()) {  // drawn once, the same for every seed
    Images grey = std::move(data.valid);
    binarize(grey, {28, elbo::Stream::data, 1}, threads, data.valid);
    grey = std::move(data.test);
    binarize(grey, {28, elbo::Stream::data, 2}, threads, data.test);
  }
  measure(s, "valid", data.valid, std::min(s.importance_samples, 500), report, threads, vae);
  measure(s, "test", data.test, s.importance_samples, report, threads, vae);
  // CPU time of this process: the whole run's, unless it went on from a checkpoint.
  report.result("cpu_seconds", static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
  return report.finish();
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("leaderboard", [&] { return run(argc, argv); });
}
