// Chapter 3, section 3: is one draw enough? The gradient of a mini-batch is noisy twice over: the
// images were chosen at random, and so was eps. More draws calm only the second.
#include "sections.hpp"

namespace chapter {
namespace {

// An autoencoder with one weight: x ~ N(0, 1), z = weight x + scale eps, loss 1/2 (x - z)^2.
constexpr double weight = 0.4, scale = 0.5;

double gradient(double x, double eps) {
  return -(x - weight * x - scale * eps) * x;
}

// [split]
// Var g = Var_x E_eps g + E_x Var_eps g. Here E_eps g = -(1 - weight) x^2 and Var_eps g = scale^2
// x^2.
constexpr double data_variance = 2 * (1 - weight) * (1 - weight);
constexpr double noise_variance = scale * scale;

double closed_form(int images, int draws) {
  return (data_variance + noise_variance / draws) / images;
}
// [split]

// Variance of the mini-batch gradient over many mini-batches, with its standard error.
Average measured(const elbo::Random& random, int images, int draws, int repeats) {
  std::vector<double> squares;
  std::uint64_t at = 0;
  for (int r = 0; r < repeats; ++r) {
    double sum = 0;
    for (int i = 0; i < images; ++i) {
      const double x = random.normal(at++);
      for (int l = 0; l < draws; ++l) sum += gradient(x, random.normal(at++)) / draws;
    }
    const double off = sum / images + (1 - weight);  // the true gradient is -(1 - weight)
    squares.push_back(off * off);
  }
  return Average(squares);
}

}  // namespace

void averaging(elbo::Report& report, std::uint64_t seed, bool quick) {
  const int repeats = quick ? 1000 : 4000;
  elbo::Table table({"draws", "one_image", "batch", "one_image_exact", "batch_exact"});
  for (const int draws : {1, 2, 4, 8, 16, 32}) {
    const auto substream = std::uint64_t{2000} + static_cast<std::uint64_t>(draws);
    const elbo::Random random(seed, elbo::Stream::play, substream);
    const Average one = measured(random, 1, draws, 8 * repeats);
    const Average batch = measured(random, 32, draws, repeats / 2);
    if (draws == 1 || draws == 16) {
      const std::string l = "L = " + std::to_string(draws);
      report.claim("eq:gradient-variance-split",
                   "one image, " + l + ": variance = data + noise / L, 6 standard errors",
                   closed_form(1, draws), one.mean, 6 * one.standard_error);
      report.claim("eq:gradient-variance-split",
                   "32 images, " + l + ": variance = (data + noise / L) / 32",
                   closed_form(32, draws), batch.mean, 6 * batch.standard_error);
    }
    table.add({static_cast<double>(draws), one.mean, batch.mean, closed_form(1, draws),
               closed_form(32, draws)});
  }
  report.csv("variance_draws", table);
  report.result("data_variance", data_variance);
  report.result("noise_variance", noise_variance);

  // The same work spent on draws or on images: L = 16 on 8 images, or L = 1 on 128.
  report.claim_at_most("eq:one-sample-is-enough",
                       "128 images once are calmer than 8 images 16 times", closed_form(8, 16),
                       closed_form(128, 1));
  report.result("variance_8_images_16_draws", closed_form(8, 16));
  report.result("variance_128_images_1_draw", closed_form(128, 1));
}

}  // namespace chapter
