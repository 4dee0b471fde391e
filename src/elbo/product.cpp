#include "elbo/product.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "elbo/lanes.hpp"

namespace elbo {
namespace {

// --- By Eigen ---

template <class T, int Order>
Eigen::Map<const Eigen::Matrix<T, -1, -1, Order>, 0, Eigen::OuterStride<>> view(
    const Operand<T>& m) {
  return {m.data, m.rows, m.cols, Eigen::OuterStride<>(m.stride)};
}

// c += a b for the two ways that each of them may be stored.
template <class T>
void add_product(const Operand<T>& a, const Operand<T>& b, T* c) {
  constexpr int columns = Eigen::ColMajor, rows = Eigen::RowMajor;
  Eigen::Map<Matrix<T>> out(c, a.rows, b.cols);
  if (a.transposed && b.transposed) out.noalias() += view<T, rows>(a) * view<T, rows>(b);
  if (a.transposed && !b.transposed) out.noalias() += view<T, rows>(a) * view<T, columns>(b);
  if (!a.transposed && b.transposed) out.noalias() += view<T, columns>(a) * view<T, rows>(b);
  if (!a.transposed && !b.transposed) out.noalias() += view<T, columns>(a) * view<T, columns>(b);
}

// --- By tiles that stay in the registers ---

// What is summed over k = 0 .. depth - 1: a column of a, whose numbers stand next to each other,
// times a row of b.
struct Term {
  const float* a;
  Index a_step;  // from k to k + 1
  const float* b;
  Index b_step, b_across;  // from k to k + 1; from one column to the next
  Index depth;

  Term from(Index row, Index k, Index steps) const {
    return {a + row + k * a_step, a_step, b + k * b_step, b_step, b_across, steps};
  }
};

// Where the result goes: `rows` numbers of each of `cols` columns.
struct Place {
  float* c;
  Index stride, rows, cols;
};

// R width x C numbers of c = or += the sum of a term, for the columns from `column` on.
template <int R, int C>
void tile(const Term& term, Index column, float* c, Index stride, bool add) {
  const float* a = term.a;
  const float* b = term.b + column * term.b_across;
  Lanes sums[C][R] = {};
  for (Index k = 0; k < term.depth; ++k) {
    Lanes part[R];
    for (int r = 0; r < R; ++r) part[r] = load(a + r * width);
    for (int j = 0; j < C; ++j) {
      const float number = b[j * term.b_across];
      for (int r = 0; r < R; ++r) sums[j][r] += part[r] * number;
    }
    a += term.a_step;
    b += term.b_step;
  }
#pragma GCC unroll 8
  for (int j = 0; j < C; ++j) {
#pragma GCC unroll 3
    for (int r = 0; r < R; ++r) {
      float* const out = c + j * stride + r * width;
      store(out, add ? load(out) + sums[j][r] : sums[j][r]);
    }
  }
}

template <int C>
constexpr decltype(&tile<1, C>) tiles[] = {nullptr, tile<1, C>, tile<2, C>, tile<3, C>};

// A strip of c: `parts` registers' rows, all columns. Between its tiles, a part of what the next
// strip will want of a is brought nearer.
void strip(int parts, const Term& term, Place out, bool add, const float* next) {
  const Index every = std::max<Index>(out.cols / columns, 1),
              share = (term.depth + every - 1) / every;
  for (Index j = 0, k = 0; j < out.cols; k += share) {
    for (Index i = k; i < std::min(k + share, term.depth); ++i) {
      for (int r = 0; r < parts; ++r) __builtin_prefetch(next + i * term.a_step + r * width);
    }
    const bool whole = out.cols - j >= columns;
    (whole ? tiles<columns> : tiles<1>)[parts](term, j, out.c + j * out.stride, out.stride, add);
    j += whole ? columns : 1;
  }
}

// The last rows, fewer than a register holds: those of the last whole register, of which the first
// have been done.
void last_rows(const Term& term, Place out, bool add) {
  const Index done = (width - out.rows % width) % width;
  Matrix<float> whole(width, out.cols);
  strip(1, term, {whole.data(), width, width, out.cols}, false, term.a);
  for (Index j = 0; j < out.cols; ++j) {
    for (Index i = done; i < width; ++i) {
      float& number = out.c[j * out.stride + out.rows - width + i];
      number = add ? number + whole(i, j) : whole(i, j);
    }
  }
}

// All of c: wanted at least `width` rows.
void strips(const Term& term, Place out, bool add) {
  Index row = 0;
  while (out.rows - row >= width) {
    const Index left = (out.rows - row) / width;  // 4 are 2 + 2: a strip of one is slower
    const int parts = static_cast<int>(left == 4 ? 2 : std::min<Index>(left, 3));
    const Index next = row + parts * width;
    const bool more = out.rows - next >= width;
    strip(parts, term.from(row, 0, term.depth), {out.c + row, out.stride, parts * width, out.cols},
          add, more ? term.a + next : term.a + term.depth * term.a_step);
    row = next;
  }
  if (row < out.rows) last_rows(term.from(out.rows - width, 0, term.depth), out, add);
}

// --- Which way ---

void add_by_columns(const Operand<float>& a, const Operand<float>& b, float* c, bool add) {
  const Place out{c, a.rows, a.rows, b.cols};
  if (!b.transposed) {
    strips({a.data, a.stride, b.data, 1, b.stride, a.cols}, out, add);
    return;
  }
  // Rows of b from far apart are brought together.
  const Matrix<float> rows = view<float, Eigen::RowMajor>(b).transpose();
  strips({a.data, a.stride, rows.data(), b.cols, 1, a.cols}, out, add);
}

bool multiply_by_tiles(std::span<const Factors<float>> factors, float* c, Sum sum) {
  const Operand<float>&a = factors[0].a, &b = factors[0].b;
  if (!a.transposed && a.rows >= width) {
    for (const Factors<float>& each : factors) {
      add_by_columns(each.a, each.b, c, sum == Sum::added || &each != &factors[0]);
    }
    return true;
  }
  if (a.transposed && !b.transposed && b.cols >= width && factors.size() == 1 &&
      sum == Sum::fresh) {
    // c' = b' a': the columns of b side by side, and a as it is stored.
    Matrix<float> left(b.cols, b.rows), out(b.cols, a.rows);
    transpose(b.data, b.stride, b.rows, b.cols, left.data(), b.cols);
    strips({left.data(), b.cols, a.data, 1, a.stride, a.cols}, {out.data(), b.cols, b.cols, a.rows},
           false);
    transpose(out.data(), b.cols, b.cols, a.rows, c, a.rows);
    return true;
  }
  return false;
}

bool multiply_by_tiles(std::span<const Factors<double>>, double*, Sum) {
  return false;
}

}  // namespace

template <class T>
void multiply_plainly(std::span<const Factors<T>> factors, T* c, Sum sum) {
  if (sum == Sum::fresh) Eigen::Map<Matrix<T>>(c, factors[0].a.rows, factors[0].b.cols).setZero();
  for (const Factors<T>& each : factors) add_product(each.a, each.b, c);
}

template <class T>
void multiply(std::span<const Factors<T>> factors, T* c, Sum sum) {
  for (const auto& [a, b] : factors) {
    if (a.cols == b.rows && a.rows == factors[0].a.rows && b.cols == factors[0].b.cols) continue;
    const auto shape = [](const Operand<T>& m) {
      return std::to_string(m.rows) + " x " + std::to_string(m.cols);
    };
    throw std::invalid_argument("multiply: wanted factors that fit, found " + shape(a) + " times " +
                                shape(b));
  }
  if (factors.empty()) throw std::invalid_argument("multiply: wanted factors, found none");
  if (!multiply_by_tiles(factors, c, sum)) multiply_plainly(factors, c, sum);
}

template <class T>
void multiply(const Operand<T>& a, const Operand<T>& b, T* c, Sum sum) {
  const Factors<T> only{a, b};
  multiply(std::span<const Factors<T>>(&only, 1), c, sum);
}

#define ELBO_INSTANTIATE(T)                                              \
  template void multiply(const Operand<T>&, const Operand<T>&, T*, Sum); \
  template void multiply(std::span<const Factors<T>>, T*, Sum);          \
  template void multiply_plainly(std::span<const Factors<T>>, T*, Sum);
ELBO_INSTANTIATE(float)
ELBO_INSTANTIATE(double)
#undef ELBO_INSTANTIATE

}  // namespace elbo
