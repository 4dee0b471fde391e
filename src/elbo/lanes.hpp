// A register of floats, and what the matrix product does with whole registers.
#pragma once

#include <cstddef>
#include <cstring>
#include <utility>

#include "elbo/types.hpp"

namespace elbo {

#if defined(__AVX512F__)
// 3 x 8 sums, 3 parts of a and b's number: 28 of 32
inline constexpr int width = 16;           ///< numbers in a register
inline constexpr int columns = 8;          ///< of the result, in the registers at a time
inline constexpr int columns_of_four = 6;  ///< the same beside 4 parts of a: 4 x 6 + 4 + 1
inline constexpr bool four_parts = true;   ///< whether so many parts find room
#elif defined(__AVX__)
// 3 x 4 + 3 + 1: all of 16
inline constexpr int width = 8;            ///< numbers in a register
inline constexpr int columns = 4;          ///< of the result, in the registers at a time
inline constexpr int columns_of_four = 2;  ///< the same beside 4 parts of a
inline constexpr bool four_parts = false;  ///< whether so many parts find room
#else
inline constexpr int width = 4;            ///< numbers in a register
inline constexpr int columns = 4;          ///< of the result, in the registers at a time
inline constexpr int columns_of_four = 2;  ///< the same beside 4 parts of a
inline constexpr bool four_parts = false;  ///< whether so many parts find room
#endif
/// A register: `width` floats.
typedef float Lanes __attribute__((vector_size(4 * width)));

/// From any place: a copy is what tells every compiler that it need not be aligned.
inline Lanes load(const float* place) {
  Lanes lanes;
  std::memcpy(&lanes, place, sizeof(lanes));
  return lanes;
}
/// To any place, in the same way.
inline void store(float* place, const Lanes& lanes) {
  std::memcpy(place, &lanes, sizeof(lanes));
}

/// Of two registers, the lanes of which bit `bit` is 0, where those of the second take the place of
/// the first's others.
template <int bit, std::size_t... lane>
Lanes low(Lanes a, Lanes b, std::index_sequence<lane...>) {
  return __builtin_shufflevector(a, b, (lane & bit ? width + lane - bit : lane)...);
}
/// The same for the lanes of which that bit is 1.
template <int bit, std::size_t... lane>
Lanes high(Lanes a, Lanes b, std::index_sequence<lane...>) {
  return __builtin_shufflevector(a, b, (lane & bit ? width + lane : lane + bit)...);
}

/// In a square of registers, exchanges the bit `bit` of the row number with that of the column
/// number.
template <int bit>
void exchange(Lanes (&m)[width]) {
  if constexpr (bit < width) {
    constexpr auto all = std::make_index_sequence<width>();
#pragma GCC unroll 16
    for (int i = 0; i < width; ++i) {
      if ((i & bit) != 0) continue;
      const Lanes first = m[i], second = m[i + bit];
      m[i] = low<bit>(first, second, all);
      m[i + bit] = high<bit>(first, second, all);
    }
    exchange<2 * bit>(m);
  }
}

/// out (cols x rows) = in' for in of rows x cols, a register's square at a time. The strides lead
/// from one column to the next.
inline void transpose(const float* in, Index stride, Index rows, Index cols, float* out,
                      Index out_stride) {
  const Index whole_rows = rows / width * width, whole_cols = cols / width * width;
  for (Index j = 0; j < whole_cols; j += width) {
    for (Index i = 0; i < whole_rows; i += width) {
      Lanes m[width];
      for (int l = 0; l < width; ++l) m[l] = load(in + (j + l) * stride + i);
      exchange<1>(m);
      for (int l = 0; l < width; ++l) store(out + (i + l) * out_stride + j, m[l]);
    }
  }
  for (Index j = 0; j < cols; ++j) {
    for (Index i = j < whole_cols ? whole_rows : 0; i < rows; ++i) {
      out[i * out_stride + j] = in[j * stride + i];
    }
  }
}

}  // namespace elbo
