#include "elbo/product.hpp"

#include <stdexcept>
#include <string>

#include "elbo/lanes.hpp"
#include "elbo/tiles.hpp"

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

// --- Which way ---

void add_by_columns(const Operand<float>& a, const Operand<float>& b, float* c, bool add) {
  const Place out{c, a.rows, a.rows, b.cols};
  if (!b.transposed) {
    multiply_tiles({a.data, a.stride, {b.data, 1, b.stride, a.cols}}, out, add);
    return;
  }
  // Rows of b from far apart are brought together.
  const Matrix<float> rows = view<float, Eigen::RowMajor>(b).transpose();
  multiply_tiles({a.data, a.stride, {rows.data(), b.cols, 1, a.cols}}, out, add);
}

bool multiply_by_tiles(std::span<const Factors<float>> factors, float* c, Sum sum) {
  const Operand<float>&a = factors[0].a, &b = factors[0].b;
  if (a.cols == 0) return false;
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
    multiply_tiles({left.data(), b.cols, {a.data, 1, a.stride, a.cols}},
                   {out.data(), b.cols, b.cols, a.rows}, false);
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
