// Chapter 3. Two ways to differentiate an average over something random.
//
// "You cannot backpropagate through sampling" is half true. There are two roads: the score function
// asks which samples were good, the pathwise one asks where each sample would have gone. Both are
// right on average; this chapter measures how far from the average they are.
#include "elbo/options.hpp"
#include "sections.hpp"

namespace {

int run(int argc, char** argv) {
  elbo::Options options("03_reparameterization", "Chapter 3: gradients of expectations.");
  int dimension = 10, samples = 100000;
  options.add("--dimension", dimension, "size of z", {1, 1000});
  options.add("--samples", samples, "one-draw gradients whose variance is measured",
              {1000, 10000000});
  if (!options.parse(argc, argv)) return 0;
  const bool quick = options.common.quick;
  if (quick && !options.given("--samples")) samples = 20000;
  elbo::Report report(options);
  const std::uint64_t seed = options.common.seed;

  // [sections]
  chapter::two_estimators(report, dimension, samples, seed, quick);
  chapter::through_a_network(report, seed, quick);
  chapter::averaging(report, seed, quick);
  chapter::other_families(report, seed, quick);
  chapter::descent(report, seed, quick);
  // [sections]
  return report.finish();
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("03_reparameterization", [&] { return run(argc, argv); });
}
