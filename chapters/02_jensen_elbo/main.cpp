// Chapter 2. A floor under the evidence.
//
// How likely is this x, when the z behind it was never seen? Both models here are small enough to
// know the answer, so the bound that the rest of the book lives on can be watched touching it.
#include "elbo/options.hpp"
#include "sections.hpp"

namespace {

int run(int argc, char** argv) {
  elbo::Options options("02_jensen_elbo", "Chapter 2: Jensen's inequality and the ELBO.");
  chapter::Toy toy;
  int samples = 1000;
  options.add("--weight", toy.weight, "x = weight z + noise", {-100, 100});
  options.add("--noise", toy.noise, "standard deviation of the noise", {1e-3, 100});
  options.add("--x", toy.x, "the observation", {-1000, 1000});
  options.add("--q-mean", toy.q_mean, "mean of your guess q(z)", {-1000, 1000});
  options.add("--q-scale", toy.q_scale, "standard deviation of your guess", {1e-3, 100});
  options.add("--samples", samples, "draws where the evidence is estimated", {100, 100000});
  if (!options.parse(argc, argv)) return 0;
  elbo::Report report(options);
  const std::uint64_t seed = options.common.seed;

  // [sections]
  chapter::jensen(report);
  chapter::decomposition(report, toy, seed);
  chapter::sampling(report, toy, samples, seed);
  chapter::more_samples(report, seed, options.common.quick);
  chapter::restricted(report, toy);
  chapter::slips(report, seed, options.common.quick);
  // [sections]
  return report.finish();
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("02_jensen_elbo", [&] { return run(argc, argv); });
}
