// Chapter 6. The old road to the same place: EM.
//
// Nearly forty years before the VAE, hidden variables were fitted by taking turns: guess the
// hidden, fit the model, guess again. Both turns climb the ELBO. Weaken them one at a time and EM
// becomes the VAE; on the one model where everything is known, the two arrive at the same numbers.
#include "elbo/options.hpp"
#include "sections.hpp"

namespace {

int run(int argc, char** argv) {
  elbo::Options options("06_em", "Chapter 6: EM, probabilistic PCA, and the linear VAE.");
  chapter::PpcaOptions ppca;
  options.add("--dimension", ppca.dimension, "D, observed numbers a sample", {2, 100});
  options.add("--latent", ppca.latent, "d, hidden numbers a sample", {1, 50});
  options.add("--noise-scale", ppca.noise_scale, "standard deviation of the noise", {0.1, 10});
  if (!options.parse(argc, argv)) return 0;
  if (ppca.latent >= ppca.dimension) {
    throw elbo::UsageError("--latent: wanted fewer than --dimension (" +
                           std::to_string(ppca.dimension) + "), found " +
                           std::to_string(ppca.latent));
  }
  elbo::Report report(options);
  const elbo::CommonOptions& common = options.common;

  // [sections]
  const chapter::Cloud cloud = chapter::make_cloud(common.seed, common.quick);
  chapter::mixture_em(report, cloud, common.seed);
  chapter::variants(report, cloud, common.seed);
  chapter::three_ways(report, ppca, common.seed, common.quick);
  // [sections]
  return report.finish();
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("06_em", [&] { return run(argc, argv); });
}
