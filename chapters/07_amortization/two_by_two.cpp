// Chapter 7, section 4: two questions that are often taken for one.
//
//   Who supplies phi?        a climb for every datum       | an encoder for all: amortised
//   What may q look like?    independent codes: mean-field | any covariance
//
// The usual VAE answers both with the second and the first. All four pairs are possible.
#include <cmath>

#include "elbo/adam.hpp"
#include "elbo/statistics.hpp"
#include "inference.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;
using elbo::Vector;

// An encoder of its own, beside a decoder that stays as it is.
struct Encoder {
  elbo::Layout layout;
  elbo::Mlp network;
  Vector<float> parameters;

  // It begins as the VAE's encoder; numbers that this one does not have begin at 0.
  Encoder(const elbo::Vae<float>& vae, const Family& family)
      : network(layout, "encoder", {vae.options().pixels, vae.options().hidden[0], family.size()},
                vae.options().activation),
        parameters(Vector<float>::Zero(layout.size())) {
    for (const auto& [name, slice] : layout.slices()) {
      for (const auto& [other, from] : vae.layout().slices()) {
        if (other != name) continue;
        slice.in(parameters).topRows(from.rows) = from.in(vae.parameters);
      }
    }
  }

  Matrix<float> operator()(const Matrix<float>& x) const {
    std::vector<Matrix<float>> outputs;
    network.forward(parameters, x, outputs);
    return outputs.back();
  }
};

// [amortise]
// Up the ELBO as before, but the gradient goes on from phi through the encoder: one step moves the
// answers of all images at once.
void amortise(const Run& run, const Trained& trained, const Family& family, int epochs,
              Encoder& encoder) {
  constexpr Index batch = 100;
  const Index steps = trained.train.count / batch;
  elbo::Adam<float> adam(encoder.parameters.size(), {.learning_rate = 1e-3});
  std::vector<Matrix<float>> outputs, errors(encoder.network.layers().size());
  Matrix<float> x;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    const auto number = static_cast<std::uint64_t>(1000 + epoch);
    const elbo::Random noise(run.seed, elbo::Stream::noise, number);
    const std::vector<std::uint32_t> order =
        elbo::Random(run.seed, elbo::Stream::shuffle, number)
            .permutation(static_cast<std::uint32_t>(trained.train.count));
    for (Index step = 0; step < steps; ++step) {
      trained.train.gather({order.data() + step * batch, static_cast<std::size_t>(batch)}, x);
      const Matrix<float> eps =
          noise.normal<float>(2, batch, static_cast<std::uint64_t>(step) * 256);
      const auto log_joint = [&](const Matrix<float>& z, Matrix<float>& dz) {
        return trained.vae.log_joint_gradient(x, z, dz);
      };
      encoder.network.forward(encoder.parameters, x, outputs);
      elbo_gradient(family, log_joint, outputs.back(), eps, errors.back());
      encoder.network.backward<float>(encoder.parameters, outputs, errors, nullptr);

      Vector<float> uphill = Vector<float>::Zero(encoder.parameters.size());
      std::vector<elbo::LayerGradient<float>> gradients;
      encoder.network.gradients(x, outputs, errors, gradients);
      for (const auto& gradient : gradients) gradient.add_to(uphill);
      const double done = (epoch + static_cast<double>(step) / static_cast<double>(steps)) / epochs;
      adam.begin_step(0.5 + 0.5 * std::cos(M_PI * done));
      adam.update(encoder.parameters, uphill, -1.0f / static_cast<float>(batch));
    }
  }
}
// [amortise]

}  // namespace

void two_by_two(const Run& run, const Trained& trained, const Answers& answers) {
  // Both encoders get the same extra epochs, so that neither has looked longer.
  const int epochs = run.quick ? 10 : 30;
  Encoder diagonal(trained.vae, mean_field), full(trained.vae, full_covariance);
  run.threads.run(2, [&](int task) {
    if (task == 0) amortise(run, trained, mean_field, epochs, diagonal);
    if (task == 1) amortise(run, trained, full_covariance, epochs, full);
  });

  const Matrix<float>& x = trained.unseen;
  const auto bound = [&](const Family& family, const Matrix<float>& phi) {
    return elbo_of(run, trained.vae, x, family, phi);
  };
  const RowVector<double> table[2][2] = {
      {bound(mean_field, diagonal(x)), bound(full_covariance, full(x))},
      {bound(mean_field, answers.per_datum), bound(full_covariance, answers.full_per_datum)}};
  const auto average = [](const RowVector<double>& v) {
    return elbo::Average(std::vector<double>(v.begin(), v.end()));
  };
  elbo::Table cells({"per_datum", "full", "elbo", "gap", "gap_error"});
  const char* names[2][2] = {{"amortised_mean_field", "amortised_full"},
                             {"per_datum_mean_field", "per_datum_full"}};
  for (int row = 0; row < 2; ++row) {
    for (int column = 0; column < 2; ++column) {
      const elbo::Average value = average(table[row][column]);
      const elbo::Average gap = average(answers.log_evidence - table[row][column]);
      const std::string name = std::string("table_") + names[row][column];
      run.report.result(name + "_elbo", value.mean);
      run.report.result(name + "_elbo_se", value.standard_error);
      run.report.result(name + "_gap", gap.mean);
      run.report.result(name + "_gap_se", gap.standard_error);
      cells.add({static_cast<double>(row), static_cast<double>(column), value.mean, gap.mean,
                 gap.standard_error});
    }
  }
  run.report.csv("two_by_two", cells);
  if (!trained.digits) return;

  // Image by image, so that what all four share drops out. Were "amortised" and "mean-field" one
  // thing, two of these differences would be 0.
  const auto gains = [&](const char* label, const char* what, const RowVector<double>& difference) {
    const elbo::Average a = average(difference);
    run.report.claim_at_least(label, what, 0, a.mean - 3 * a.standard_error);
  };
  gains("eq:full-covariance-per-datum",
        "per datum: what a covariance gains over mean-field, less 3 standard errors",
        table[1][1] - table[1][0]);
  gains("eq:full-covariance-amortised", "amortised: the same", table[0][1] - table[0][0]);
  gains("eq:per-datum-mean-field",
        "mean-field: what a climb for every datum gains over an encoder, less 3 standard errors",
        table[1][0] - table[0][0]);
  gains("eq:per-datum-full", "full covariance: the same", table[1][1] - table[0][1]);
}

}  // namespace chapter
