#include "elbo/random.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace elbo {
namespace {

// Only + - * / and sqrt below: IEEE 754 rounds those one way everywhere, while libm's log and cos
// differ in the last bit between systems. (The library is compiled with -ffp-contract=off.)

// (The builtin is std::bit_cast, which emscripten's library lacks.)
//
// log(u) for normal u > 0: u = m 2^e with m in [1/sqrt 2, sqrt 2), log m = 2 artanh((m-1)/(m+1)).
inline double portable_log(double u) {
  const std::uint64_t bits = __builtin_bit_cast(std::uint64_t, u);
  constexpr std::uint64_t sqrt_half = 0x3fe6a09e667f3bcdULL;  // the bits of 1/sqrt 2
  const std::int64_t e = static_cast<std::int64_t>(bits - sqrt_half) >> 52;
  const double m = __builtin_bit_cast(double, bits - (static_cast<std::uint64_t>(e) << 52));
  const double s = (m - 1.0) / (m + 1.0), t = s * s;
  double sum = 0.0;
  for (int k = 21; k >= 3; k -= 2) sum = (sum + 1.0 / k) * t;
  return 2.0 * s * (1.0 + sum) + static_cast<double>(e) * 0.69314718055994530942;
}

// cos and sin of 2 pi u for u in [0, 1): fold to an eighth of a turn, then Taylor.
inline void portable_cos_sin(double u, double& cosine, double& sine) {
  const int quarter = (static_cast<int>(8.0 * u) + 1) / 2;  // nearest quarter turn
  const double a = 6.28318530717958647692 * (u - 0.25 * quarter), t = a * a;
  double c = 0.0, s = 0.0;
  for (int k = 16; k >= 2; k -= 2) c = (1.0 - c) * t / ((k - 1) * k);
  for (int k = 17; k >= 3; k -= 2) s = (1.0 - s) * t / ((k - 1) * k);
  c = 1.0 - c;
  s = a * (1.0 - s);
  const bool odd = (quarter & 1) != 0;
  const double x = odd ? s : c, y = odd ? c : s;
  cosine = (quarter == 1 || quarter == 2) ? -x : x;
  sine = (quarter == 2 || quarter == 3) ? -y : y;
}

inline double to_uniform(std::uint32_t bits) {
  return (static_cast<double>(bits) + 0.5) * 0x1p-32;
}

// Box and Muller: a uniform angle, and a radius with P(r > t) = exp(-t^2 / 2). Each step for all
// pairs of words before the next: so the compiler does eight pairs at once, to the same bits.
template <int pairs>
void box_muller(const std::uint32_t* words, double* normals) {
  double square[pairs], radius[pairs];
  for (int i = 0; i < pairs; ++i) square[i] = -2.0 * portable_log(to_uniform(words[2 * i]));
  for (int i = 0; i < pairs; ++i) radius[i] = std::sqrt(square[i]);
  for (int i = 0; i < pairs; ++i) {
    double cosine, sine;
    portable_cos_sin(to_uniform(words[2 * i + 1]), cosine, sine);
    normals[2 * i] = radius[i] * cosine;
    normals[2 * i + 1] = radius[i] * sine;
  }
}

}  // namespace

Random::Random(std::uint64_t seed, Stream stream, std::uint64_t substream)
    : seed_(seed), stream_(static_cast<std::uint64_t>(stream) << 56 | substream) {
  if (substream >> 56) throw std::invalid_argument("Random: a substream must be below 2^56");
}

Random::Words Random::block(std::uint64_t number) const {
  const auto low = [](std::uint64_t v) { return static_cast<std::uint32_t>(v); };
  const auto high = [](std::uint64_t v) { return static_cast<std::uint32_t>(v >> 32); };
  const r123::Philox4x32::ctr_type counter = {
      {low(number), high(number), low(stream_), high(stream_)}};
  const r123::Philox4x32::key_type key = {{low(seed_), high(seed_)}};
  const auto bits = r123::Philox4x32{}(counter, key);
  return {{bits[0], bits[1], bits[2], bits[3]}};
}

double Random::uniform(std::uint64_t index) const {
  return to_uniform(block(index / 4).w[index % 4]);
}

double Random::normal(std::uint64_t index) const {
  double z[4];
  box_muller<2>(block(index / 4).w, z);
  return z[index % 4];
}

std::uint32_t Random::below(std::uint32_t bound, std::uint64_t index) const {
  const std::uint64_t bits = block(index / 4).w[index % 4];
  return static_cast<std::uint32_t>(bits * bound >> 32);
}

template <class T>
Matrix<T> Random::normal(Index rows, Index cols, std::uint64_t first) const {
  Matrix<T> out(rows, cols);
  const std::uint64_t end = first + static_cast<std::uint64_t>(out.size());
  constexpr int lot = 16;  // blocks at a time
  std::uint32_t words[4 * lot];
  double z[4 * lot];
  for (std::uint64_t number = first / 4; number * 4 < end; number += lot) {
    for (std::uint64_t i = 0; i < lot; ++i) {
      const Words four = block(number + i);
      std::copy(four.w, four.w + 4, words + 4 * i);
    }
    box_muller<2 * lot>(words, z);
    const std::uint64_t from = std::max(first, 4 * number);
    const std::uint64_t to = std::min(end, 4 * (number + lot));
    for (std::uint64_t i = from; i < to; ++i) {
      out.data()[i - first] = static_cast<T>(z[i - 4 * number]);
    }
  }
  return out;
}

template <class T>
Matrix<T> Random::uniform(Index rows, Index cols, std::uint64_t first) const {
  Matrix<T> out(rows, cols);
  constexpr T below_one =
      T(1) - std::numeric_limits<T>::epsilon() / 2;  // a float may round up to 1
  for (Index i = 0; i < out.size(); ++i) {
    const double u = uniform(first + static_cast<std::uint64_t>(i));
    out.data()[i] = std::min(static_cast<T>(u), below_one);
  }
  return out;
}

std::vector<std::uint32_t> Random::permutation(std::uint32_t count) const {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  for (std::uint32_t i = count; i > 1; --i) std::swap(order[i - 1], order[below(i, i)]);
  return order;
}

template Matrix<float> Random::normal<float>(Index, Index, std::uint64_t) const;
template Matrix<double> Random::normal<double>(Index, Index, std::uint64_t) const;
template Matrix<float> Random::uniform<float>(Index, Index, std::uint64_t) const;
template Matrix<double> Random::uniform<double>(Index, Index, std::uint64_t) const;

}  // namespace elbo
