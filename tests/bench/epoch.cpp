// An epoch of the book's VAE: its seconds, and its memory.
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "elbo/trainer.hpp"
#include "sections.hpp"
#include "timing.hpp"

namespace bench {
namespace {

// Matrix work of one training step on one image. Each weight is multiplied and added once forward,
// once for its own gradient and once to carry the gradient to the layer's input: 6 operations. The
// first layer's input needs no gradient: 2 less for its weights. Biases, activations, the
// likelihood and Adam are left out: what is hoped is that they cost nothing.
double flops_per_image(const elbo::VaeOptions& o) {
  double weights = 0;
  elbo::Index in = o.pixels;
  const auto layer = [&](elbo::Index out) {
    weights += static_cast<double>(in * out);
    in = out;
  };
  for (const elbo::Index width : o.hidden) layer(width);
  layer(2 * o.latent);
  in = o.latent;
  for (auto width = o.hidden.rbegin(); width != o.hidden.rend(); ++width) layer(*width);
  layer(o.pixels);
  return 6 * weights - 2 * static_cast<double>(o.pixels * o.hidden.at(0));
}

// Seconds of each epoch, by the trainer's own clock.
std::vector<double> train(const Run& run, elbo::Vae<float>& vae, const elbo::Images& images,
                          int epochs) {
  elbo::Adam<float> adam(vae.parameters.size(), {.learning_rate = 1e-3});
  std::vector<double> took;
  elbo::train(vae, adam, elbo::DataSource<float>::from(images),
              {.epochs = epochs, .batch = 128, .seed = run.seed}, run.threads,
              [&](const elbo::Epoch& e) { took.push_back(e.seconds); });
  return took;
}

// The most that this process ever held, in MB of 10^6 bytes. (getrusage would start from what the
// parent held before it became this program.)
double peak_rss_mb() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return std::stod(line.substr(6)) * 1024 / 1e6;
  }
  throw std::runtime_error("/proc/self/status: wanted a line VmHWM, found none; it needs Linux");
}

}  // namespace

void epoch(const Run& run) {
  const elbo::Dataset data = run.load(run.data);
  elbo::Vae<float> vae(model(data.train.dimension()), run.seed);
  FmaPeak peak;
  const int bursts = run.quick ? 5 : 20;

  // The peak on both sides, so that a machine that slows down meanwhile shows.
  peak.measure(run.threads, bursts);
  std::vector<double> took = train(run, vae, data.train, run.quick ? 4 : 9);
  peak.measure(run.threads, bursts);
  took.erase(took.begin());  // the first warms up
  peak.report(run.results);

  const double flops = flops_per_image(vae.options()) * static_cast<double>(data.train.count);
  const double gflops = flops / least(took) / 1e9;
  run.results.text("/vae_epoch/data", data.name);
  run.results.number("/vae_epoch/images", static_cast<double>(data.train.count));
  run.results.number("/vae_epoch/flops", flops);
  run.results.number("/vae_epoch/seconds", least(took));
  run.results.number("/vae_epoch/seconds_median", median(took));
  run.results.number("/vae_epoch/gflops", gflops);
  run.results.number("/vae_epoch/fraction_of_peak", gflops / peak.all_cores());
}

void memory(const Run& run) {
  const elbo::Dataset data = run.load(run.data);
  elbo::Vae<float> vae(model(data.train.dimension()), run.seed);
  train(run, vae, data.train, 1);
  run.results.number("/vae_epoch/peak_rss_mb", peak_rss_mb());
}

}  // namespace bench
