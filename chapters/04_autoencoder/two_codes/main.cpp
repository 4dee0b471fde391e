// What the latent explorer of the pages shows beside the leaderboard's VAE of two codes: a plain
// autoencoder of the same widths, trained on the same digits; where each of the two puts five
// hundred test digits; and how far from any training digit lies what the two decode. Run by hand:
//   build/release/bin/two_codes --data mnist --out figures/leaderboard
//
// An autoencoder's codes have no unit of their own. These are shifted and scaled, after training,
// so that those of the training digits have mean 0 and standard deviation 1, as a VAE's prior says:
// the encoder's last layer is told, the decoder's first one told the reverse, and what is decoded
// stays the same.
#include <cmath>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>

#include "../sections.hpp"
#include "elbo/safetensors.hpp"

namespace {

using elbo::Autoencoder;
using elbo::Index;
using elbo::Matrix;
using elbo::Vae;
using elbo::Vector;

// The kept model: its numbers instead of those of a seed.
Vae<float> kept_vae(const std::filesystem::path& path) {
  Vae<float> vae({.hidden = {128}, .latent = 2, .activation = elbo::Activation::tanh}, 1);
  const elbo::TensorFile file = elbo::load_safetensors(path);
  for (const auto& [name, slice] : vae.layout().slices()) {
    const elbo::Tensor& block = file.get(name, elbo::element_type(0.0F), {slice.rows, slice.cols});
    slice.in(vae.parameters) = elbo::to_matrix<float>(block);
  }
  return vae;
}

elbo::Slice slice_of(const Autoencoder<float>& model, const std::string& name) {
  for (const auto& [each, slice] : model.layout().slices()) {
    if (each == name) return slice;
  }
  throw std::logic_error("no slice " + name);
}

// z' = (z - mean) / scale; the decoder's W z + b is then (W scale) z' + (b + W mean).
void standardise(Autoencoder<float>& model, const Matrix<float>& pictures) {
  const Matrix<float> codes = model.encode(pictures);
  const Vector<float> mean = codes.rowwise().mean();
  const Vector<float> scale =
      ((codes.colwise() - mean).rowwise().squaredNorm() / float(codes.cols())).cwiseSqrt();
  Vector<float>& p = model.parameters;
  const auto block = [&](const std::string& name) { return slice_of(model, name).in(p); };
  Eigen::Map<Matrix<float>> into = block("encoder.1.weight"), by = block("encoder.1.bias"),
                            from = block("decoder.0.weight"), at = block("decoder.0.bias");
  into = scale.cwiseInverse().asDiagonal() * Matrix<float>(into);
  by = (by.col(0) - mean).cwiseQuotient(scale);
  at += Matrix<float>(from) * mean;
  from = Matrix<float>(from) * scale.asDiagonal();
}

// Codes from -3 to 3, 20 a row, the highest first: as the pages' prior grid.
Matrix<float> grid() {
  Matrix<float> z(2, 400);
  for (Index i = 0; i < z.cols(); ++i) {
    z.col(i) << 3 * (2 * float(i % 20) / 19 - 1), -3 * (2 * float(i / 20) / 19 - 1);
  }
  return z;
}

// Chapter 4's distance: squared, to the nearest training digit, all pictures at length 1.
Matrix<float> distances(const chapter::Run& run, const Matrix<float>& decoded) {
  return chapter::nearest(run, decoded.colwise().normalized(), run.train.colwise().normalized());
}

int run(int argc, char** argv) {
  elbo::Options options("two_codes", "What the latent explorer of the pages shows.");
  std::filesystem::path kept = "figures/leaderboard/two_codes.safetensors";
  int epochs = 40;
  options.add("--vae", kept, "the VAE of two codes that the leaderboard kept");
  options.add("--epochs", epochs, "passes over the training pictures", {1, 10000});
  if (!options.parse(argc, argv)) return 0;
  const bool quick = options.common.quick;
  if (quick && !options.given("--epochs")) epochs = 2;
  const Vae<float> vae = kept_vae(kept);
  elbo::Report report(options);
  elbo::Threads threads(options.common.threads);
  const elbo::Dataset digits =
      elbo::load_digits(options.common.data,
                        quick ? elbo::DataLimits{3000, 500} : elbo::DataLimits{}, threads.count());
  if (digits.test.labels.size() < 500) {
    throw std::runtime_error("--data " + options.common.data +
                             ": wanted 500 test digits with labels, found " +
                             std::to_string(digits.test.labels.size()) + "; try mnist");
  }
  const Matrix<float> train = digits.train.block<float>(0, digits.train.count);
  const Matrix<float> test = digits.test.block<float>(0, 500);
  const chapter::Run here{report, digits, train, test, threads, {128},
                          2,      epochs, 100,   2e-3, 0,       options.common.seed,
                          quick};

  Autoencoder<float> plain = fit_autoencoder(here, "autoencoder", train, here.hidden, 2);
  const double error = plain.squared_error(test).mean();
  standardise(plain, train);
  // It fails where the decoder was not told what the encoder was: then another function is kept.
  const double after = plain.squared_error(test).mean();
  if (!(std::abs(after - error) < 1e-4 * error)) throw std::runtime_error("the codes' unit shows");

  const std::map<std::string, std::string> words = {
      {"made by", "chapters/04_autoencoder/two_codes"},
      {"widths", "784-128-2-128-784, relu"},
      {"--epochs", std::to_string(epochs)},
      {"--seed", std::to_string(here.seed)},
      {"test squared error", std::to_string(after)},
      {"data sha256", digits.sha256}};
  const Matrix<float> coins = (test.array() > 0.5F).cast<float>();  // as that VAE's pixels are
  Matrix<float> labels(test.cols(), 1);
  for (Index i = 0; i < test.cols(); ++i) labels(i) = digits.test.labels[std::size_t(i)];
  elbo::TensorFile model{{}, words, {}}, seen{{}, words, {}};
  for (const auto& [name, slice] : plain.layout().slices()) {
    model.tensors.push_back(elbo::to_tensor(name, slice.in(plain.parameters)));
  }
  seen.tensors = {
      elbo::to_tensor("vae.codes", Matrix<float>(vae.encode(coins).mean.transpose())),
      elbo::to_tensor("vae.distances", distances(here, vae.decode_mean(grid()))),
      elbo::to_tensor("autoencoder.codes", Matrix<float>(plain.encode(test).transpose())),
      elbo::to_tensor("autoencoder.distances", distances(here, plain.decode(grid()))),
      elbo::to_tensor("labels", labels)};
  save_safetensors(options.common.out / "two_codes_autoencoder.safetensors", model);
  save_safetensors(options.common.out / "two_codes_of_digits.safetensors", seen);
  report.say("test squared error " + std::to_string(after));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("two_codes", [&] { return run(argc, argv); });
}
