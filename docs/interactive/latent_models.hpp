// What the latent explorer looks at: the leaderboard's VAE of two codes, a plain autoencoder beside
// it, and where both put test digits, from their kept files (chapters/04_autoencoder/two_codes says
// how they were made).
#pragma once

#include <vector>

#include "calls.hpp"
#include "elbo/autoencoder.hpp"
#include "elbo/vae.hpp"

namespace interactive::latent {

/// Columns of 784 numbers.
using Picture = elbo::Matrix<float>;
inline constexpr elbo::Index side = 28, pixels = side * side;

/// These, and `digits`, throw std::runtime_error while their file has not been handed in.
const elbo::Vae<float>& vae();
const elbo::Autoencoder<float>& autoencoder();

/// Of one model: the codes of 500 test digits, 500 x 2, and for each picture of the grid its
/// distance to the nearest training digit, 1 x 400.
struct OfDigits {
  elbo::Matrix<float> codes, distances;
};
const OfDigits& of_digits(bool plain);
/// Which digits those 500 are, 500 x 1.
const elbo::Matrix<float>& labels();

/// E[x | z]; the autoencoder's pixels may leave [0, 1], a page's cannot.
Picture decoded(bool plain, const elbo::Matrix<float>& z);

/// E_q log p(x | z) of one picture, by a sum over a lattice of noise: at this spacing as good as
/// exact for two codes, and without draws, so that it does not flicker while a digit is drawn.
double reconstruction(const Picture& x, const elbo::DiagonalNormal<float>& q);

/// Read the three files.
Numbers give_vae(Bytes bytes);
Numbers give_autoencoder(Bytes bytes);
Numbers give_digits(Bytes bytes);

}  // namespace interactive::latent
