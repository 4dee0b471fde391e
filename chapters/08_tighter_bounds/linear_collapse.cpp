// Chapter 8, section 6: collapse without an approximation. In probabilistic PCA everything is
// exact, and still a dimension whose eigenvalue lies below the noise carries nothing: the
// likelihood itself wants it so (Lucas et al. 2019, "Don't Blame the ELBO!").
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <functional>

#include "elbo/estimators.hpp"
#include "elbo/ppca.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Ppca;
using elbo::Vae;
using elbo::Vector;

constexpr Index dimension = 12, latent = 8;

// Samples whose covariance has the eigenvalues 8, 8/1.6, 8/1.6^2, ... exactly.
Matrix<double> make_data(std::uint64_t seed, Index n, Vector<double>& eigenvalues) {
  const elbo::Random random(seed, elbo::Stream::data, 9);
  Matrix<double> x = random.normal<double>(dimension, n);
  x.colwise() -= Vector<double>(x.rowwise().mean());
  const Eigen::JacobiSVD<Matrix<double>> svd(x, Eigen::ComputeThinU | Eigen::ComputeThinV);
  eigenvalues.resize(dimension);
  for (Index j = 0; j < dimension; ++j) {
    eigenvalues(j) = 8 * std::pow(1.6, -static_cast<double>(j));
  }
  const Vector<double> scale = (static_cast<double>(n) * eigenvalues).cwiseSqrt();
  return svd.matrixU() * scale.asDiagonal() * svd.matrixV().transpose();
}

// [exact-em]
// EM with the exact posterior and the noise left as it is. The squared lengths of W's directions.
Vector<double> by_em(const Matrix<double>& x, double noise_variance, std::uint64_t seed) {
  Ppca model{elbo::Random(seed, elbo::Stream::parameters).normal<double>(dimension, latent),
             x.rowwise().mean(), noise_variance};
  for (int step = 0; step < 1000; ++step) {
    model = elbo::ppca_em_step(model, x);
    model.noise_variance = noise_variance;
  }
  return model.weight.jacobiSvd().singularValues().array().square();
}
// [exact-em]

// [linear-vae]
// A VAE without hidden layers on x / sigma, for its pixels have a variance of 1. With `learned` the
// variance is a parameter, and starts at 1.
Vae<double> by_gradients(const Run& run, const Matrix<double>& x, double noise_variance,
                         bool learned) {
  const Matrix<double> scaled = x / std::sqrt(noise_variance);
  Vae<double> vae(
      {.pixels = dimension,
       .hidden = {},
       .latent = latent,
       .likelihood = learned ? elbo::Likelihood::gaussian_learned : elbo::Likelihood::gaussian},
      run.seed());
  elbo::Adam<double> adam(vae.parameters.size(), {.learning_rate = 0.01});
  elbo::Threads alone(1);  // a step is shorter than it would take to wake a second thread
  train(vae, adam, elbo::DataSource<double>::from(scaled),
        {.epochs = run.quick() ? 600 : 800,
         .batch = 100,
         .seed = run.seed(),
         .schedule = elbo::Schedule::cosine},
        alone);
  return vae;
}
// [linear-vae]

}  // namespace

void linear_collapse(const Run& run) {
  Vector<double> eigenvalues;
  const Index n = 1000;
  const Matrix<double> x = make_data(run.seed(), n, eigenvalues);

  elbo::Table table({"noise_variance", "unit", "eigenvalue", "em", "vae"});
  double worst_em = 0, worst_vae = 0;
  for (const Index kept : {2, 4, 6}) {  // the noise halfway between two eigenvalues
    const double noise = std::sqrt(eigenvalues(kept - 1) * eigenvalues(kept));
    const Vector<double> em = by_em(x, noise, run.seed());
    const Vae<double> vae = by_gradients(run, x, noise, false);
    const elbo::ActiveUnits code = elbo::active_units(vae.encode(x / std::sqrt(noise)).mean);
    Vector<double> variance = code.variance;
    std::sort(variance.begin(), variance.end(), std::greater<>());

    const Index below = (eigenvalues.head(latent).array() < noise).count();
    const std::string of = "noise variance " + std::to_string(noise).substr(0, 4);
    run.report.claim("eq:linear-vae-collapse",
                     of + ": collapsed dimensions of the linear VAE = eigenvalues below it",
                     static_cast<double>(below), static_cast<double>(latent - code.count), 0);
    for (Index j = 0; j < latent; ++j) {
      const double left = std::max(eigenvalues(j) - noise, 0.0);
      worst_em = std::max(worst_em, std::abs(em(j) - left) / eigenvalues(0));
      // Var of the posterior mean in this direction: (eigenvalue - noise) / eigenvalue.
      worst_vae = std::max(worst_vae, std::abs(variance(j) - left / eigenvalues(j)));
      table.add({noise, static_cast<double>(j + 1), eigenvalues(j), em(j), variance(j)});
    }
  }
  run.report.csv("linear_collapse", table);
  run.report.claim("eq:ppca-collapse",
                   "exact EM, noise held: W's squared lengths = (eigenvalue - noise)+, worst", 0,
                   worst_em, 1e-6);
  run.report.claim("eq:linear-vae-active",
                   "linear VAE: variances of its codes = (1 - noise / eigenvalue)+, worst", 0,
                   worst_vae, 0.05);

  // Let the noise be learned, and nothing collapses: the mean of the smaller eigenvalues lies below
  // all larger ones.
  const double start = eigenvalues(2);
  const Vae<double> free = by_gradients(run, x, start, true);
  const elbo::ActiveUnits code = elbo::active_units(free.encode(x / std::sqrt(start)).mean);
  run.report.claim("eq:learned-noise",
                   "noise learned, from the third eigenvalue down: none collapsed", 0,
                   static_cast<double>(latent - code.count), 0);
  run.report.claim("eq:ppca-noise", "and it is the mean of the D - d smallest eigenvalues, 10 %",
                   eigenvalues.tail(dimension - latent).mean(),
                   start * std::exp(free.log_variance()),
                   0.1 * eigenvalues.tail(dimension - latent).mean());
}

}  // namespace chapter
