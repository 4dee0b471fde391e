// Chapter 4: the models that its sections train, and the distance they share.
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sections.hpp"

namespace chapter {

using elbo::Autoencoder;
using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;
using elbo::Vector;

Autoencoder<float> fit_autoencoder(const Run& run, const std::string& name,
                                   const Matrix<float>& pictures, const std::vector<Index>& hidden,
                                   Index latent, double noise_scale) {
  // A linear network's steps are short and its valleys long and flat: more of them, and larger.
  const bool linear = hidden.empty();
  const int epochs = linear ? 3 * run.epochs : run.epochs;
  // [fit]
  Autoencoder<float> model({.pixels = pictures.rows(), .hidden = hidden, .latent = latent},
                           run.seed);
  elbo::Adam<float> adam(model.parameters.size(),
                         {.learning_rate = (linear ? 5 : 1) * run.learning_rate});
  const auto data = elbo::DataSource<float>::from(pictures);
  train(model, adam, data,
        {.epochs = epochs, .batch = run.batch, .noise_scale = noise_scale, .seed = run.seed},
        run.threads, [&](int epoch, double squared_error) {
          char note[60];
          std::snprintf(note, sizeof(note), "squared error %.2f", squared_error);
          run.report.progress(name, epoch, epochs, note);
        });
  // [fit]
  return model;
}

elbo::Vae<float> fit_vae(const Run& run, const std::string& name, const Matrix<float>& pictures,
                         Index latent, elbo::Likelihood likelihood) {
  elbo::Vae<float> vae({.pixels = pictures.rows(),
                        .hidden = run.hidden,
                        .latent = latent,
                        .likelihood = likelihood,
                        .log_variance = std::log(0.03)},  // if any: near where it will end
                       run.seed);
  elbo::Adam<float> adam(vae.parameters.size(), {.learning_rate = run.learning_rate});
  const elbo::TrainingOptions options{.epochs = run.epochs,
                                      .batch = run.batch,
                                      .seed = run.seed,
                                      .schedule = elbo::Schedule::cosine};
  const auto data = elbo::DataSource<float>::from(pictures);
  train(vae, adam, data, options, run.threads, [&](const elbo::Epoch& e) {
    char note[60];
    std::snprintf(note, sizeof(note), "ELBO %.2f", e.elbo());
    run.report.progress(name, e.number, run.epochs, note);
  });
  return vae;
}

// [nearest]
// |a - b|^2 = |a|^2 - 2 a'b + |b|^2, all pairs by one product; a thousand pictures at a time.
RowVector<float> nearest(const Run& run, const Matrix<float>& pictures,
                         const Matrix<float>& among) {
  constexpr Index width = 1000;
  const Index tasks = (among.cols() + width - 1) / width;
  Matrix<float> least(tasks, pictures.cols());
  run.threads.run(static_cast<int>(tasks), [&](int task) {
    const Matrix<float> some =
        among.middleCols(task * width, std::min(width, among.cols() - task * width));
    Matrix<float> products(some.cols(), pictures.cols());
    elbo::multiply<float>(some.transpose(), pictures, products.data());
    const Vector<float> squares = some.colwise().squaredNorm();
    least.row(task) = ((-2 * products).colwise() + squares).colwise().minCoeff();
  });
  const RowVector<float> own = pictures.colwise().squaredNorm();
  return (least.colwise().minCoeff() + own).cwiseMax(0.0f);
}
// [nearest]

std::vector<double> numbers(const RowVector<float>& row) {
  return {row.begin(), row.end()};
}

Matrix<float> fitted_normal(const Matrix<float>& codes, const Matrix<float>& eps) {
  const Vector<double> mean = codes.cast<double>().rowwise().mean();
  const Matrix<double> centred = codes.cast<double>().colwise() - mean;
  Matrix<double> covariance = centred * centred.transpose() / static_cast<double>(codes.cols());
  covariance.diagonal().array() += 1e-9 * covariance.trace();  // a code that never moves
  const Matrix<double> root = covariance.llt().matrixL();
  const Matrix<double> drawn = (root * eps.cast<double>()).colwise() + mean;
  return drawn.cast<float>();
}

}  // namespace chapter
