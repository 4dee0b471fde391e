// The matrix product by tiles, against a plain loop in double.
#include "elbo/product.hpp"

#include <cmath>
#include <cstring>

#include "check.hpp"
#include "elbo/random.hpp"

using namespace elbo;

namespace {

const Random numbers(61, Stream::play);

Matrix<float> some(Index rows, Index cols, std::uint64_t first) {
  return numbers.uniform<float>(rows, cols, first).array() - 0.5F;
}

// Sum over k, and of the sizes of what is summed.
struct Loop {
  Matrix<double> value, size;
};

Loop loop(const Matrix<float>& a, const Matrix<float>& b) {
  Loop result{Matrix<double>::Zero(a.rows(), b.cols()), Matrix<double>::Zero(a.rows(), b.cols())};
  for (Index i = 0; i < a.rows(); ++i) {
    for (Index j = 0; j < b.cols(); ++j) {
      for (Index k = 0; k < a.cols(); ++k) {
        const double term = static_cast<double>(a(i, k)) * static_cast<double>(b(k, j));
        result.value(i, j) += term;
        result.size(i, j) += std::abs(term);
      }
    }
  }
  return result;
}

// Every term and every partial sum is rounded once: k times half a unit of the sizes' sum.
double worst(const Matrix<float>& c, const Loop& expected, Index k) {
  const double rounding = static_cast<double>(k + 2) * 6e-8;
  return ((c.cast<double>() - expected.value).cwiseAbs().array() /
          (rounding * expected.size.array() + 1e-30))
      .maxCoeff();
}

}  // namespace

TEST_CASE("a product of any shape and storage", "[product]") {
  // Fewer rows than a register, a few registers with and without a rest, columns beyond a tile.
  for (const Index rows : {1, 7, 16, 31, 48, 64, 65, 100}) {
    for (const Index cols : {1, 5, 8, 19, 64}) {
      for (const Index k : {1, 20, 133}) {
        INFO(rows << " x " << k << " times " << k << " x " << cols);
        const Matrix<float> a = some(rows, k, 0), b = some(k, cols, 100000);
        const Matrix<float> at = a.transpose(), bt = b.transpose();
        const Loop expected = loop(a, b);
        Matrix<float> c(rows, cols);
        multiply<float>(a, b, c.data());
        CHECK(worst(c, expected, k) < 1);
        c.setConstant(9);
        multiply<float>(at.transpose(), b, c.data());
        CHECK(worst(c, expected, k) < 1);
        multiply<float>(a, bt.transpose(), c.data());
        CHECK(worst(c, expected, k) < 1);
        multiply<float>(at.transpose(), bt.transpose(), c.data());
        CHECK(worst(c, expected, k) < 1);
      }
    }
  }
}

TEST_CASE("products are added up in their order, from blocks of matrices", "[product]") {
  const Matrix<float> a = some(70, 40, 0), b = some(90, 40, 50000);
  const std::vector<Factors<float>> factors = {
      {a.leftCols(30), b.block(5, 0, 33, 30).transpose()},
      {a.rightCols(10), b.block(5, 30, 33, 10).transpose()}};
  const Loop expected = loop(a, b.middleRows(5, 33).transpose());
  Matrix<float> c(70, 33);
  multiply<float>(factors, c.data());
  CHECK(worst(c, expected, 40) < 1);
  Matrix<float> twice = c;
  multiply<float>(factors, twice.data(), Sum::added);
  CHECK(max_difference(twice.cast<double>(), 2.0 * c.cast<double>()) < 1e-5);
  Matrix<float> plain(70, 33);
  multiply_plainly<float>(factors, plain.data());
  CHECK(worst(plain, expected, 40) < 1);
}

TEST_CASE("a column of a product does not depend on its neighbours", "[product]") {
  // So a mini-batch may be cut anywhere, and the numbers stay the same to the last bit.
  const Matrix<float> a = some(75, 50, 0), b = some(50, 29, 50000);
  Matrix<float> whole(75, 29), part(75, 3);
  multiply<float>(a, b, whole.data());
  for (Index j = 0; j + 3 <= 29; ++j) {
    multiply<float>(a, b.middleCols(j, 3), part.data());
    CHECK(std::memcmp(part.data(), whole.col(j).data(), 75 * 3 * sizeof(float)) == 0);
  }
}

TEST_CASE("a number of a product is one sum in the order of k", "[product]") {
  // Deep enough to be cut in several, and summed again here one number after the other; with one
  // rounding for product and sum, or with two where the processor or the compiler has no such step.
  for (const Index rows : {64, 67, 144}) {
    const Matrix<float> a = some(rows, 700, 0), b = some(700, 21, 200000), at = a.transpose();
    Matrix<float> once = Matrix<float>::Zero(rows, 21), twice = once;
    for (Index i = 0; i < rows; ++i) {
      for (Index j = 0; j < 21; ++j) {
        for (Index k = 0; k < 700; ++k) {
          once(i, j) = std::fma(a(i, k), b(k, j), once(i, j));
          const float product = a(i, k) * b(k, j);
          twice(i, j) += product;
        }
      }
    }
    Matrix<float> c(rows, 21), by_columns(rows, 21);
    multiply<float>(a, b, c.data());
    multiply<float>(at.transpose(), b, by_columns.data());
    INFO(rows << " rows");
    CHECK((c == once || c == twice));
    CHECK(by_columns == c);
  }
  Matrix<float> none = Matrix<float>::Constant(48, 9, 5);
  multiply<float>(Matrix<float>(48, 0), Matrix<float>(0, 9), none.data());
  CHECK(none.isZero());
}

TEST_CASE("zeros of b are left out, and change no bit", "[product]") {
  // Rows of zeros, of which one group of columns has a number, as pictures have; a zero with a
  // sign.
  const Matrix<float> a = some(400, 90, 0);
  Matrix<float> b = some(90, 29, 50000);
  b.topRows(30).setZero();
  b.middleRows(40, 45).leftCols(19).setConstant(-0.0F);
  b(41, 9) = 1;
  const Loop expected = loop(a, b);
  const Matrix<float> bt = b.transpose();
  Matrix<float> c(400, 29), by_rows(400, 29), few(64, 29);
  multiply<float>(a, b, c.data());
  CHECK(worst(c, expected, 90) < 1);
  multiply<float>(a, bt.transpose(), by_rows.data());
  CHECK(c == by_rows);
  multiply<float>(a.topRows(64), b, few.data());  // too few rows to look for zeros
  CHECK(c.topRows(64) == few);
  Matrix<float> twice = c;
  const std::vector<Factors<float>> factors = {{a, b}};
  multiply<float>(factors, twice.data(), Sum::added);
  CHECK(twice == 2 * c);
}

TEST_CASE("a product refuses factors that do not fit", "[product][shape]") {
  const Matrix<float> a = some(4, 3, 0), b = some(2, 5, 50);
  Matrix<float> c(4, 5);
  CHECK(contains(refusal([&] { multiply<float>(a, b, c.data()); }), "4 x 3 times 2 x 5"));
  CHECK(contains(refusal([&] { multiply<float>(std::span<const Factors<float>>{}, c.data()); }),
                 "found none"));
}
