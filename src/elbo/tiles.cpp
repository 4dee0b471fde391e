#include "elbo/tiles.hpp"

#include <algorithm>
#include <cstdint>

#include "elbo/lanes.hpp"

namespace elbo {
namespace {

// To look for zeros pays where so many rows have the good of it.
constexpr Index many_rows = 128;

Term part(const Term& t, Index row, Index k, Index depth) {
  return {
      t.a + row + k * t.a_step, t.a_step, {t.b.first + k * t.b.step, t.b.step, t.b.across, depth}};
}

// --- Tiles ---

// What a tile begins with, and how it ends.
enum class Sums { fresh, go_on, added };

// What a tile brings nearer on its way: a register's numbers for each k.
struct Coming {
  const float* place;
  Index step;
};

// R width x C numbers of c = the sum of a term, for the columns from `column` on; of all `count` k,
// or of those in the list. With go_on the sum goes on from what c holds; `added` makes the sum of
// its own first.
template <int R, int C, bool listed>
void tile(const Term& term, Index column, const std::uint32_t* k, Index count, float* c,
          Index stride, Sums sums_are, Coming next) {
  Lanes sums[C][R] = {};
  if (sums_are == Sums::go_on) {
#pragma GCC unroll 8
    for (int j = 0; j < C; ++j) {
#pragma GCC unroll 4
      for (int r = 0; r < R; ++r) sums[j][r] = load(c + j * stride + r * width);
    }
  }
  const float *a = term.a, *b = term.b.first + column * term.b.across, *coming = next.place;
  for (Index i = 0; i < count; ++i) {
    if constexpr (listed) {
      a = term.a + k[i] * term.a_step, coming = next.place + k[i] * next.step;
      b = term.b.first + column * term.b.across + k[i] * term.b.step;
    }
    __builtin_prefetch(coming);
    Lanes part[R];
    for (int r = 0; r < R; ++r) part[r] = load(a + r * width);
    for (int j = 0; j < C; ++j) {
      const float number = b[j * term.b.across];
      for (int r = 0; r < R; ++r) sums[j][r] += part[r] * number;
    }
    if constexpr (!listed) a += term.a_step, b += term.b.step, coming += next.step;
  }
#pragma GCC unroll 8
  for (int j = 0; j < C; ++j) {
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) {
      float* const out = c + j * stride + r * width;
      store(out, sums_are == Sums::added ? load(out) + sums[j][r] : sums[j][r]);
    }
  }
}

template <int C, bool listed>
constexpr decltype(&tile<1, C, listed>) tiles[] = {nullptr, tile<1, C, listed>, tile<2, C, listed>,
                                                   tile<3, C, listed>, tile<4, C, listed>};

// --- Strips: `parts` registers' rows, all columns ---

// With each group's own steps.
void listed_strip(int parts, const Term& term, const Steps& steps, const Place& out, Sums sums,
                  const float* next) {
  for (Index j = 0, group = 0; j < out.cols; ++group) {
    const auto k = steps.of(group);
    const bool whole = out.cols - j >= columns;
    (whole ? tiles<columns, true> : tiles<1, true>)[parts](
        term, j, k.data(), static_cast<Index>(k.size()), out.c + j * out.stride, out.stride, sums,
        {next + group % parts * width, term.a_step});
    j += whole ? columns : 1;
  }
}

// With every step, C columns at a time, and so many steps at a time that what they want of a stays
// in the nearest cache.
template <int C>
void dense_strip(int parts, const Term& term, const Place& out, Sums sums, const float* next) {
  constexpr Index near = 8192;  // numbers: 32 kB
  const Index most = near / (parts * width);
  const Index blocks = sums == Sums::added ? 1 : (term.b.depth + most - 1) / most;
  const Index some = (term.b.depth + blocks - 1) / blocks;
  for (Index block = 0; block < blocks; ++block) {
    const Index k = block * some;
    const Index depth = std::min(some, term.b.depth - k);
    const float* const then = k + some < term.b.depth ? term.a + (k + some) * term.a_step : next;
    for (Index j = 0, group = 0; j < out.cols; ++group) {
      const bool whole = out.cols - j >= C;
      (whole ? tiles<C, false> : tiles<1, false>)[parts](
          part(term, 0, k, depth), j, nullptr, depth, out.c + j * out.stride, out.stride,
          k > 0 ? Sums::go_on : sums, {then + group * width, group < parts ? term.a_step : 0});
      j += whole ? C : 1;
    }
  }
}

void strip(int parts, const Term& term, const Steps* steps, const Place& out, Sums sums,
           const float* next) {
  if (steps) {
    listed_strip(parts, term, *steps, out, sums, next);
  } else if (parts == 4) {
    dense_strip<columns_of_four>(parts, term, out, sums, next);
  } else {
    dense_strip<columns>(parts, term, out, sums, next);
  }
}

// The last rows, fewer than a register holds: those of the last whole register, of which the first
// have been done.
void last_rows(const Term& term, const Steps* steps, const Place& out, bool add) {
  const Index done = (width - out.rows % width) % width;
  Matrix<float> whole(width, out.cols);
  strip(1, term, steps, {whole.data(), width, width, out.cols}, Sums::fresh, term.a);
  for (Index j = 0; j < out.cols; ++j) {
    for (Index i = done; i < width; ++i) {
      float& number = out.c[j * out.stride + out.rows - width + i];
      number = add ? number + whole(i, j) : whole(i, j);
    }
  }
}

}  // namespace

void multiply_tiles(const Term& term, const Place& out, bool add) {
  const Steps found(term.b, out.rows < many_rows ? 0 : out.cols);
  const Steps* const steps = found.fewer() ? &found : nullptr;
  const Sums sums = add ? Sums::added : Sums::fresh;
  Index row = 0;
  while (out.rows - row >= width) {
    const Index left = (out.rows - row) / width;  // 4 are 4, or else 2 + 2: a strip of 1 is slower
    const Index four = four_parts && !steps ? 4 : 2;
    const int parts = static_cast<int>(left == 4 ? four : std::min<Index>(left, 3));
    const Index next = row + parts * width;
    const bool more = out.rows - next >= width;
    strip(parts, part(term, row, 0, term.b.depth), steps,
          {out.c + row, out.stride, parts * width, out.cols}, sums, term.a + (more ? next : row));
    row = next;
  }
  if (row < out.rows) {
    last_rows(part(term, out.rows - width, 0, term.b.depth), steps, out, add);
  }
}

}  // namespace elbo
