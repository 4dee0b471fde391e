// Chapter 1. How surprised are you, and how much of it is your own fault?
//
// Entropy is the surprise that the world owes you; KL divergence is what you add by believing the
// wrong distribution. Every closed form below is held against a sum or an integral that knows
// nothing of it.
#include <vector>

#include "elbo/options.hpp"
#include "sections.hpp"

namespace {

using elbo::DiagonalNormal;
using elbo::Matrix;

// The reader's two diagonal normals. Where --other-... is not given, the other one is N(0, I).
struct Pair {
  std::vector<double> mean = {0.3, -1.2}, scale = {0.5, 2.0};
  std::vector<double> other_mean, other_scale;

  void add_to(elbo::Options& options) {
    options.add("--mean", mean, "mean of q", {-1e6, 1e6});
    options.add("--scale", scale, "standard deviation of q", {1e-6, 1e6});
    options.add("--other-mean", other_mean, "mean of p (0 if not given)", {-1e6, 1e6});
    options.add("--other-scale", other_scale, "standard deviation of p (1 if not given)",
                {1e-6, 1e6});
  }

  void check() {
    const std::size_t d = mean.size();
    if (other_mean.empty()) other_mean.assign(d, 0.0);
    if (other_scale.empty()) other_scale.assign(d, 1.0);
    for (const auto& [name, given] :
         {std::pair{"--scale", scale.size()}, std::pair{"--other-mean", other_mean.size()},
          std::pair{"--other-scale", other_scale.size()}}) {
      if (given == d) continue;
      throw elbo::UsageError(std::string(name) + ": wanted as many numbers as --mean has (" +
                             std::to_string(d) + "), found " + std::to_string(given));
    }
  }

  static DiagonalNormal<double> normal(const std::vector<double>& mean,
                                       const std::vector<double>& scale) {
    const auto column = [](const std::vector<double>& v) {
      return Matrix<double>::Map(v.data(), static_cast<elbo::Index>(v.size()), 1);
    };
    return DiagonalNormal<double>::from_scale(column(mean), column(scale));
  }
};

int run(int argc, char** argv) {
  elbo::Options options("01_entropy_kl", "Chapter 1: entropy, cross-entropy and KL divergence.");
  Pair pair;
  pair.add_to(options);
  if (!options.parse(argc, argv)) return 0;
  pair.check();
  elbo::Report report(options);

  // [sections]
  chapter::countable(report, options.common.seed);
  chapter::normals(report);
  chapter::readers_pair(report, Pair::normal(pair.mean, pair.scale),
                        Pair::normal(pair.other_mean, pair.other_scale), options.common.seed);
  chapter::estimators(report, options.common.seed, options.common.quick);
  chapter::two_humps(report, options.common.quick);
  chapter::slips(report, options.common.seed);
  // [sections]
  return report.finish();
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("01_entropy_kl", [&] { return run(argc, argv); });
}
