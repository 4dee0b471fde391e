// Chapter 4, section 3: what lies between the codes. An autoencoder was asked about the codes of
// its pictures and about no others; a VAE was asked to fill its prior.
#include <algorithm>
#include <cmath>

#include "elbo/statistics.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Average;
using elbo::Index;
using elbo::Matrix;
using elbo::Vector;

// Codes from the smallest box that holds all of `codes`.
Matrix<float> in_the_box(const Matrix<float>& codes, const Matrix<float>& uniform) {
  const Vector<float> least = codes.rowwise().minCoeff(), most = codes.rowwise().maxCoeff();
  return ((most - least).asDiagonal() * uniform).colwise() + least;
}

// Squared distance to the nearest training digit, all pictures at the same length first: a faint
// picture would be near to everything, for being near to black. 2 - 2 cos of the angle between
// them.
std::vector<double> far_from_digits(const Run& run, const Matrix<float>& x) {
  const auto scaled = [](const Matrix<float>& m) {
    return Matrix<float>(m.colwise().normalized());
  };
  return numbers(nearest(run, scaled(x), scaled(run.train)));
}

// How many standard errors the first mean lies above the second; the numbers come in pairs.
double standard_errors(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) differences.push_back(a[i] - b[i]);
  const Average mean(differences);
  return mean.mean / mean.standard_error;
}

// Half the way from each picture's code to that of the next, decoded; and the cross-fade of the
// two pictures' reconstructions, which has the same blur.
void interpolate(const Run& run, const elbo::Autoencoder<float>& model) {
  const Index pairs = std::min<Index>(500, run.test.cols() / 2);
  const Matrix<float> codes = model.encode(run.test.leftCols(2 * pairs));
  const Matrix<float> pictures = model.decode(codes);
  // [midpoints]
  const Matrix<float> halfway = 0.5f * (codes.leftCols(pairs) + codes.rightCols(pairs));
  const Matrix<float> faded = 0.5f * (pictures.leftCols(pairs) + pictures.rightCols(pairs));
  const std::vector<double> by_code = far_from_digits(run, model.decode(halfway));
  const std::vector<double> by_fading = far_from_digits(run, faded);
  // [midpoints]
  if (run.on_digits()) {
    run.report.claim_at_least(
        "eq:interpolation",
        "midway in code lies nearer to a digit than midway in pixels: by how many standard errors",
        3, standard_errors(by_fading, by_code));
  }
  run.report.result("midpoint_distance_code", Average(by_code).mean);
  run.report.result("midpoint_distance_pixels", Average(by_fading).mean);

  // Three pairs, of different digits if the labels tell: in code, and below it in pixels.
  const auto& labels = run.data.test.labels;
  std::vector<Index> chosen;
  for (Index i = 0; i < pairs && chosen.size() < 3; ++i) {
    const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(i + pairs);
    if (labels.empty() || labels[a] != labels[b]) chosen.push_back(i);
  }
  chosen.resize(3, 0);
  constexpr Index steps = 11;
  Matrix<float> sheet(run.test.rows(), 6 * steps);
  for (Index pair = 0; pair < 3; ++pair) {
    for (Index s = 0; s < steps; ++s) {
      const float t = static_cast<float>(s) / (steps - 1);
      const Index a = chosen[static_cast<std::size_t>(pair)], b = a + pairs;
      sheet.col(2 * pair * steps + s) = model.decode((1 - t) * codes.col(a) + t * codes.col(b));
      sheet.col((2 * pair + 1) * steps + s) = (1 - t) * pictures.col(a) + t * pictures.col(b);
    }
  }
  run.report.sheet("interpolation", sheet, run.data.test.rows, run.data.test.cols, steps);
}

// The plane of codes: those of test pictures, and how far from any digit each point decodes.
void survey(const Run& run, int model, const Matrix<float>& codes, double reach,
            const elbo::Autoencoder<float>* autoencoder, const elbo::Vae<float>* vae,
            elbo::Table& points, elbo::Table& map) {
  for (Index i = 0; i < codes.cols(); ++i) {
    const auto& labels = run.data.test.labels;
    points.add({double(model), double(codes(0, i)), double(codes(1, i)),
                labels.empty() ? -1.0 : double(labels[static_cast<std::size_t>(i)])});
  }
  const Index side = run.quick ? 21 : 41;
  const Vector<float> centre = 0.5f * (codes.rowwise().minCoeff() + codes.rowwise().maxCoeff());
  Matrix<float> grid(2, side * side);
  for (Index i = 0; i < grid.cols(); ++i) {
    const Eigen::Vector2f step(float(i % side), float(i / side));
    grid.col(i) = (step.array() / (0.5f * float(side - 1)) - 1).matrix() * float(reach);
    if (autoencoder) grid.col(i) += centre;
  }
  const Matrix<float> decoded = autoencoder ? autoencoder->decode(grid) : vae->decode_mean(grid);
  const std::vector<double> distance = far_from_digits(run, decoded);
  for (Index i = 0; i < grid.cols(); ++i)
    map.add({double(model), double(grid(0, i)), double(grid(1, i)),
             distance[static_cast<std::size_t>(i)]});
}

}  // namespace

elbo::Vae<float> look_for_holes(const Run& run, const Autoencoders& autoencoders) {
  interpolate(run, autoencoders.narrow);

  const Index n = std::min<Index>(1000, run.test.cols());
  const Matrix<float> test = run.test.leftCols(n);
  const elbo::Autoencoder<float>& model = autoencoders.narrow;
  const elbo::Vae<float> vae = fit_vae(run, "VAE", run.train, run.latent);
  // [draw]
  const elbo::Random random(run.seed, elbo::Stream::prior);
  const Matrix<float> eps = random.normal<float>(run.latent, n);
  const Matrix<float> uniform = random.uniform<float>(run.latent, n, std::uint64_t{1} << 32);
  const Matrix<float> codes = model.encode(run.train);
  const Matrix<float> from_box = model.decode(in_the_box(codes, uniform));
  const Matrix<float> from_normal = model.decode(fitted_normal(codes, eps));
  const Matrix<float> from_prior = vae.decode_mean(eps);
  // [draw]
  const auto measure = [&](const Matrix<float>& x) { return far_from_digits(run, x); };
  const std::vector<double> digits = measure(test), box = measure(from_box),
                            normal = measure(from_normal), prior = measure(from_prior),
                            repeated = measure(model.reconstruct(test)),
                            vae_repeated = measure(vae.decode_mean(vae.encode(test).mean));
  run.report.csv("holes", {{"test_digits", digits},
                           {"autoencoder_reconstruction", repeated},
                           {"autoencoder_box", box},
                           {"autoencoder_normal", normal},
                           {"vae_reconstruction", vae_repeated},
                           {"vae_prior", prior}});
  if (run.on_digits()) {
    // Blur brings a picture nearer to all others; hence the ratio to what the same decoder makes of
    // the codes of unseen digits, 1 where there are no holes.
    run.report.claim_at_least("eq:holes-box",
                              "autoencoder: random codes from the box of its codes decode 1.5 "
                              "times as far from a digit as codes of digits do",
                              1.5, Average(box).mean / Average(repeated).mean);
    run.report.claim_at_least("eq:holes",
                              "a VAE's prior decodes nearer to digits than that box: by how many "
                              "standard errors",
                              3, standard_errors(box, prior));
  }
  if (!run.quick) {
    // A normal fitted afterwards makes a fair sampler of an autoencoder (Ghosh et al. 2020); the
    // VAE comes with its own. And a VAE may have holes, too: with a sharp decoder it prefers its
    // codes apart to its prior full (Dai and Wipf 2019).
    const elbo::Vae<float> sharp = fit_vae(run, "VAE, Gaussian decoder", run.train, run.latent,
                                           elbo::Likelihood::gaussian_learned);
    const std::vector<double> sharp_prior = measure(sharp.decode_mean(eps));
    run.report.result("nearest_gaussian_vae_prior", Average(sharp_prior).mean);
    if (run.on_digits()) {
      run.report.claim_at_least("eq:holes-fitted",
                                "nearer, too, than a normal fitted to the autoencoder's codes", 3,
                                standard_errors(normal, prior));
      run.report.claim_at_least("eq:holes-of-a-vae",
                                "but a VAE of learned pixel variance leaves holes in its prior: "
                                "farther, by how many standard errors",
                                3, standard_errors(sharp_prior, prior));
    }
  }
  run.report.result("nearest_test_digits", Average(digits).mean);
  run.report.result("nearest_autoencoder_reconstruction", Average(repeated).mean);
  run.report.result("nearest_autoencoder_box", Average(box).mean);
  run.report.result("nearest_autoencoder_normal", Average(normal).mean);
  run.report.result("nearest_vae_reconstruction", Average(vae_repeated).mean);
  run.report.result("nearest_vae_prior", Average(prior).mean);
  const Index shown = std::min<Index>(12, n);
  Matrix<float> sheet(test.rows(), 3 * shown);
  sheet << from_box.leftCols(shown), from_normal.leftCols(shown), from_prior.leftCols(shown);
  run.report.sheet("random_codes", sheet, run.data.test.rows, run.data.test.cols, shown);

  const elbo::Vae<float> plane = fit_vae(run, "VAE, 2 codes", run.train, 2);
  elbo::Table points({"model", "x", "y", "label"}), map({"model", "x", "y", "distance"});
  const Matrix<float> ours = autoencoders.plane.encode(test), theirs = plane.encode(test).mean;
  const double wide = (ours.rowwise().maxCoeff() - ours.rowwise().minCoeff()).maxCoeff();
  survey(run, 0, ours, 0.55 * wide, &autoencoders.plane, nullptr, points, map);
  survey(run, 1, theirs, std::max(3.0, 1.05 * double(theirs.cwiseAbs().maxCoeff())), nullptr,
         &plane, points, map);
  run.report.csv("plane_codes", points);
  run.report.csv("plane_map", map);
  return vae;
}

}  // namespace chapter
