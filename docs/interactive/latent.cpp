// Two codes, seen whole: what each point of their plane decodes to, and where a picture belongs.
#include <algorithm>
#include <stdexcept>

#include "append.hpp"
#include "elbo/digits.hpp"
#include "latent_models.hpp"

namespace interactive {
namespace {

using elbo::Index;
using elbo::Matrix;
using latent::autoencoder, latent::decoded, latent::Picture, latent::pixels, latent::side,
    latent::vae;

constexpr Index across = 20;

// The first number of most calls: 0 is the VAE, 1 the autoencoder.
bool is_plain(const Numbers& a) {
  return a[0] == 1;
}

// model, z1, z2 -> the picture there, row by row
Numbers decode(const Numbers& a) {
  Matrix<float> z(2, 1);
  z << static_cast<float>(a[1]), static_cast<float>(a[2]);
  Numbers out;
  append(decoded(is_plain(a), z), out);
  return out;
}

// model -> one sheet of 20 x 20 pictures, row by row: the codes from -3 to 3, the highest first
Numbers grid(const Numbers& a) {
  Matrix<float> z(2, across * across);
  for (Index i = 0; i < z.cols(); ++i) {
    const auto place = [](Index k) { return 6 * static_cast<float>(k) / (across - 1) - 3; };
    z.col(i) << place(i % across), -place(i / across);
  }
  const Picture all = decoded(is_plain(a), z);
  Numbers out(static_cast<std::size_t>(all.size()));
  for (Index i = 0; i < all.cols(); ++i) {
    const Index first = i / across * pixels * across + i % across * side;
    for (Index p = 0; p < pixels; ++p) {
      out[static_cast<std::size_t>(first + p / side * side * across + p % side)] =
          static_cast<double>(all(p, i));
    }
  }
  return out;
}

// The picture after the model's number.
Picture given(const Numbers& a) {
  if (a.size() != 1 + pixels) {
    throw std::invalid_argument("latent_encode: wanted a model and 784 pixels, found " +
                                std::to_string(a.size()) + " numbers");
  }
  Picture x(pixels, 1);
  for (Index i = 0; i < pixels; ++i) x(i) = static_cast<float>(a[static_cast<std::size_t>(i) + 1]);
  return x;
}

// model, then 784 pixels -> the VAE: mean (2) and scale (2) of q(z | x), the reconstruction term,
// the KL and the ELBO, what the encoder saw and the picture decoded from the mean. The autoencoder:
// the code (2), 0, 0, the squared error, 0, 0, and those pictures.
Numbers encode(const Numbers& a) {
  Picture x = given(a);
  Matrix<float> z;
  Numbers out;
  if (is_plain(a)) {
    z = autoencoder().encode(x);
    append(z, out);
    out.insert(out.end(), {0, 0, double(autoencoder().squared_error(x)(0)), 0, 0});
  } else {
    // This model's pixels are coins: its bound is one for black and white pictures.
    x = (x.array() > 0.5F).cast<float>();
    const elbo::DiagonalNormal<float> q = vae().encode(x);
    const double half = latent::reconstruction(x, q), kl = elbo::kl_from_standard_normal(q)(0);
    z = q.mean;
    append(z, out);
    append((0.5F * q.log_variance.array()).exp().matrix(), out);
    out.insert(out.end(), {half, kl, half - kl});
  }
  append(x, out);
  append(decoded(is_plain(a), z), out);
  return out;
}

// digit -> the first such of the book's own test digits
Numbers example(const Numbers& a) {
  static const elbo::Images drawn =
      elbo::draw_digits(100, elbo::Random(28, elbo::Stream::digits_test), 1);
  const auto wanted = static_cast<std::uint8_t>(a[0]);
  const auto found = std::find(drawn.labels.begin(), drawn.labels.end(), wanted);
  Numbers out;
  append(drawn.block<double>(found - drawn.labels.begin(), 1), out);
  return out;
}

// model -> for 500 test digits: label and code
Numbers codes(const Numbers& a) {
  Matrix<float> columns(3, latent::labels().rows());
  columns << latent::labels().transpose(), latent::of_digits(is_plain(a)).codes.transpose();
  Numbers out;
  append(columns, out);
  return out;
}

// model -> for each of the grid's pictures how far it is from the nearest training digit
Numbers distances(const Numbers& a) {
  Numbers out;
  append(latent::of_digits(is_plain(a)).distances, out);
  return out;
}

}  // namespace

Calls latent_calls() {
  const Argument model{"model", 0, 1, whole};
  return {{"latent_decode", {{model, {"z1", -10, 10}, {"z2", -10, 10}}, decode}},
          {"latent_grid", {{model}, grid}},
          {"latent_encode", {{model}, encode, Argument{"pixel", 0, 1}}},
          {"latent_example", {{{"digit", 0, 9, whole}}, example}},
          {"latent_codes", {{model}, codes}},
          {"latent_distances", {{model}, distances}}};
}

Gifts latent_gifts() {
  return {{"latent_vae", latent::give_vae},
          {"latent_autoencoder", latent::give_autoencoder},
          {"latent_digits", latent::give_digits}};
}

}  // namespace interactive
