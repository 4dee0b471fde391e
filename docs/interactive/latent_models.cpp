#include "latent_models.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "weights.hpp"

namespace interactive::latent {
namespace {

using elbo::Index;
using elbo::Matrix;

// A model, once its file is there.
template <class Model>
struct Kept {
  Model model;
  bool given = false;

  const Model& get(const std::string& what) const {
    if (!given) throw std::runtime_error(what + " has not been handed in");
    return model;
  }
  Numbers give(Bytes bytes, const std::string& source) {
    load(bytes, source, model);
    given = true;
    return {static_cast<double>(model.parameters.size())};
  }
};

Kept<elbo::Vae<float>>& kept_vae() {
  static Kept<elbo::Vae<float>> kept{
      {{.hidden = {128}, .latent = 2, .activation = elbo::Activation::tanh}, 1}};
  return kept;
}

Kept<elbo::Autoencoder<float>>& kept_autoencoder() {
  static Kept<elbo::Autoencoder<float>> kept{{{.hidden = {128}, .latent = 2}, 1}};
  return kept;
}

struct Digits {
  OfDigits by_vae, by_autoencoder;
  Matrix<float> labels;
};

Digits& kept_digits() {
  static Digits kept;
  return kept;
}

const Digits& digits() {
  if (kept_digits().labels.size() == 0) {
    throw std::runtime_error("what belongs to the test digits has not been handed in");
  }
  return kept_digits();
}

}  // namespace

const elbo::Vae<float>& vae() {
  return kept_vae().get("the VAE");
}

const elbo::Autoencoder<float>& autoencoder() {
  return kept_autoencoder().get("the autoencoder");
}

const OfDigits& of_digits(bool plain) {
  return plain ? digits().by_autoencoder : digits().by_vae;
}

const Matrix<float>& labels() {
  return digits().labels;
}

Picture decoded(bool plain, const Matrix<float>& z) {
  if (!plain) return vae().decode_mean(z);
  return autoencoder().decode(z).cwiseMax(0.0F).cwiseMin(1.0F);
}

double reconstruction(const Picture& x, const elbo::DiagonalNormal<float>& q) {
  constexpr Index points = 13, all = points * points;
  Matrix<float> eps(2, all);  // from -4 to 4, both ways
  for (Index i = 0; i < all; ++i) {
    const auto place = [](Index k) { return 8 * static_cast<float>(k) / (points - 1) - 4; };
    eps.col(i) << place(i % points), place(i / points);
  }
  const elbo::DiagonalNormal<float> copies{q.mean.replicate(1, all),
                                           q.log_variance.replicate(1, all)};
  const elbo::RowVector<double> log_p =
      vae().log_likelihood(x.replicate(1, all), copies.rsample(eps)).cast<double>();
  const elbo::RowVector<double> density =
      (-0.5 * eps.cast<double>().colwise().squaredNorm().array()).exp();
  return density.cwiseProduct(log_p).sum() / density.sum();
}

Numbers give_vae(Bytes bytes) {
  return kept_vae().give(bytes, "two_codes.safetensors");
}

Numbers give_autoencoder(Bytes bytes) {
  return kept_autoencoder().give(bytes, "two_codes_autoencoder.safetensors");
}

Numbers give_digits(Bytes bytes) {
  std::vector<Matrix<float>> read = read_weights(bytes, "two_codes_of_digits.safetensors",
                                                 {{"vae.codes", 500, 2},
                                                  {"vae.distances", 1, 400},
                                                  {"autoencoder.codes", 500, 2},
                                                  {"autoencoder.distances", 1, 400},
                                                  {"labels", 500, 1}});
  kept_digits() = {{read[0], read[1]}, {read[2], read[3]}, read[4]};
  return {static_cast<double>(read[4].rows())};
}

}  // namespace interactive::latent
