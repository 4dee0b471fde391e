// Two codes, seen whole: the leaderboard's VAE of two codes and a plain autoencoder beside it, both
// from their kept files (chapters/04_autoencoder/two_codes says how they were made).
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "calls.hpp"
#include "elbo/autoencoder.hpp"
#include "elbo/digits.hpp"
#include "elbo/vae.hpp"
#include "weights.hpp"

namespace interactive {
namespace {

using elbo::Index;
using elbo::Matrix;
using Picture = Matrix<float>;

constexpr Index side = 28, pixels = side * side, across = 20;

// What has been handed in. A model is known by its weights; before, they are all 0.
struct Kept {
  elbo::Vae<float> vae{{.hidden = {128}, .latent = 2, .activation = elbo::Activation::tanh}, 1};
  elbo::Autoencoder<float> plain{{.hidden = {128}, .latent = 2}, 1};
  std::vector<Matrix<float>> of_digits;  // as give_digits says
  bool vae_given = false, plain_given = false;
};

Kept& kept() {
  static Kept all;
  return all;
}

// The first number of most calls: 0 is the VAE, 1 the autoencoder.
bool is_plain(double model) {
  if (!(model < 0.5 ? kept().vae_given : kept().plain_given)) {
    throw std::runtime_error("the weights of this model have not been handed in");
  }
  return model >= 0.5;
}

const std::vector<Matrix<float>>& of_digits() {
  if (kept().of_digits.empty()) throw std::runtime_error("the codes have not been handed in");
  return kept().of_digits;
}

// E[x | z]; the autoencoder's pixels may leave [0, 1], a page's cannot.
Picture decoded(double model, const Matrix<float>& z) {
  if (!is_plain(model)) return kept().vae.decode_mean(z);
  return kept().plain.decode(z).cwiseMax(0.0F).cwiseMin(1.0F);
}

template <class Derived>
void append(const Eigen::MatrixBase<Derived>& values, Numbers& out) {
  for (Index c = 0; c < values.cols(); ++c) {
    for (Index r = 0; r < values.rows(); ++r) out.push_back(static_cast<double>(values(r, c)));
  }
}

// model, z1, z2 -> the picture there, row by row
Numbers decode(const Numbers& a) {
  Matrix<float> z(2, 1);
  z << static_cast<float>(a[1]), static_cast<float>(a[2]);
  Numbers out;
  append(decoded(a[0], z), out);
  return out;
}

// [grid]
// model -> one sheet of 20 x 20 pictures, row by row: the codes from -3 to 3, the highest first
Numbers grid(const Numbers& a) {
  Matrix<float> z(2, across * across);
  for (Index i = 0; i < z.cols(); ++i) {
    const auto place = [](Index k) { return 6 * static_cast<float>(k) / (across - 1) - 3; };
    z.col(i) << place(i % across), -place(i / across);
  }
  const Picture all = decoded(a[0], z);
  Numbers out(static_cast<std::size_t>(all.size()));
  for (Index i = 0; i < all.cols(); ++i) {
    const Index first = i / across * side * side * across + i % across * side;
    for (Index p = 0; p < pixels; ++p) {
      out[static_cast<std::size_t>(first + p / side * side * across + p % side)] =
          static_cast<double>(all(p, i));
    }
  }
  return out;
}
// [grid]

// E_q log p(x | z) by a sum over a lattice of noise: at this spacing as good as exact for so few
// codes, and without draws, so that it does not flicker while a digit is drawn.
double reconstruction(const Picture& x, const elbo::DiagonalNormal<float>& q) {
  constexpr Index points = 13;
  constexpr float reach = 4;
  Matrix<float> eps(2, points * points);
  for (Index i = 0; i < eps.cols(); ++i) {
    const auto place = [](Index k) {
      return reach * (2 * static_cast<float>(k) / (points - 1) - 1);
    };
    eps.col(i) << place(i % points), place(i / points);
  }
  const elbo::DiagonalNormal<float> copies{q.mean.replicate(1, eps.cols()),
                                           q.log_variance.replicate(1, eps.cols())};
  const Matrix<double> weight =
      (-0.5 * eps.cast<double>().colwise().squaredNorm().array()).exp().matrix();
  const Matrix<double> log_p =
      kept().vae.log_likelihood(x.replicate(1, eps.cols()), copies.rsample(eps)).cast<double>();
  return weight.cwiseProduct(log_p).sum() / weight.sum();
}

// model, then 784 pixels -> the VAE: mean (2) and scale (2) of q(z | x), the reconstruction term,
// the KL and the ELBO, what the encoder saw and the picture decoded from the mean. The autoencoder:
// the code (2), 0, 0, the squared error, 0, 0, and those pictures.
Numbers encode(const Numbers& a) {
  if (a.size() != 1 + pixels) {
    throw std::invalid_argument("latent_encode: wanted a model and 784 pixels, found " +
                                std::to_string(a.size()) + " numbers");
  }
  Picture x(pixels, 1);
  for (Index i = 0; i < pixels; ++i) x(i) = static_cast<float>(a[static_cast<std::size_t>(i) + 1]);
  Numbers out;
  if (is_plain(a[0])) {
    const elbo::Autoencoder<float>& plain = kept().plain;
    const Matrix<float> z = plain.encode(x);
    append(z, out);
    out.insert(out.end(), {0, 0, static_cast<double>(plain.squared_error(x)(0)), 0, 0});
    append(x, out);
    append(decoded(1, z), out);
    return out;
  }
  // This model's pixels are coins: its bound is one for black and white pictures.
  x = (x.array() > 0.5F).cast<float>();
  const elbo::DiagonalNormal<float> q = kept().vae.encode(x);
  append(q.mean, out);
  append((0.5F * q.log_variance.array()).exp().matrix(), out);
  const double half = reconstruction(x, q), kl = elbo::kl_from_standard_normal(q).cast<double>()(0);
  out.insert(out.end(), {half, kl, half - kl});
  append(x, out);
  append(decoded(0, q.mean), out);
  return out;
}

// digit -> one that the book draws
Numbers example(const Numbers& a) {
  static const elbo::Images drawn =  // the first of its test digits
      elbo::draw_digits(100, elbo::Random(28, elbo::Stream::digits_test), 1);
  const auto wanted = static_cast<std::uint8_t>(a[0]);
  const auto found = std::find(drawn.labels.begin(), drawn.labels.end(), wanted);
  Numbers out;
  append(drawn.block<double>(found - drawn.labels.begin(), 1), out);
  return out;
}

// model -> for 500 test digits: label and code
Numbers codes(const Numbers& a) {
  const std::vector<Matrix<float>>& all = of_digits();
  const Matrix<float>& places = all[a[0] < 0.5 ? 0 : 2];
  Matrix<float> columns(3, places.rows());
  columns << all[4].transpose(), places.transpose();
  Numbers out;
  append(columns, out);
  return out;
}

// model -> for each of the grid's pictures how far it is from the nearest training digit
Numbers distances(const Numbers& a) {
  Numbers out;
  append(of_digits()[a[0] < 0.5 ? 1 : 3], out);
  return out;
}

Numbers give_vae(Bytes bytes) {
  load(bytes, "two_codes.safetensors", kept().vae);
  kept().vae_given = true;
  return {static_cast<double>(kept().vae.parameters.size())};
}

Numbers give_autoencoder(Bytes bytes) {
  load(bytes, "two_codes_autoencoder.safetensors", kept().plain);
  kept().plain_given = true;
  return {static_cast<double>(kept().plain.parameters.size())};
}

Numbers give_digits(Bytes bytes) {
  kept().of_digits = read_weights(bytes, "two_codes_of_digits.safetensors",
                                  {{"vae.codes", 500, 2},
                                   {"vae.distances", 1, 400},
                                   {"autoencoder.codes", 500, 2},
                                   {"autoencoder.distances", 1, 400},
                                   {"labels", 500, 1}});
  return {500};
}

}  // namespace

Calls latent_calls() {
  const Argument model{"model", 0, 1};
  return {{"latent_decode", {{model, {"z1", -10, 10}, {"z2", -10, 10}}, decode}},
          {"latent_grid", {{model}, grid}},
          {"latent_encode", {{model}, encode, Argument{"pixel", 0, 1}}},
          {"latent_example", {{{"digit", 0, 9}}, example}},
          {"latent_codes", {{model}, codes}},
          {"latent_distances", {{model}, distances}}};
}

Gifts latent_gifts() {
  return {{"latent_vae", give_vae},
          {"latent_autoencoder", give_autoencoder},
          {"latent_digits", give_digits}};
}

}  // namespace interactive
