// An array with a name, a type and a shape, as files hold it: row by row.
//
// Our matrices lie in memory column by column. They are turned on the way into a tensor and back on
// the way out, so that W(i, j) here is W[i, j] in Python: a layer's weights (out x in) are
// PyTorch's Linear.weight.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "elbo/types.hpp"

namespace elbo {

/// What an array is made of. Files know more types, the book needs no others.
enum class ElementType { f32, f64, i64, u64, u8 };
/// All of them.
inline constexpr ElementType element_types[] = {
    ElementType::f32, ElementType::f64, ElementType::i64, ElementType::u64, ElementType::u8};

/// "F32" and so on, as files spell it.
const char* type_name(ElementType type);

/// The element type of float. It is asked for by a value of the type; a T that no file holds does
/// not compile.
constexpr ElementType element_type(float) {
  return ElementType::f32;
}
/// That of double.
constexpr ElementType element_type(double) {
  return ElementType::f64;
}
/// That of a signed number of 64 bits.
constexpr ElementType element_type(std::int64_t) {
  return ElementType::i64;
}
/// That of an unsigned number of 64 bits.
constexpr ElementType element_type(std::uint64_t) {
  return ElementType::u64;
}
/// That of a byte.
constexpr ElementType element_type(std::uint8_t) {
  return ElementType::u8;
}

/// The lengths of all dimensions, {rows, columns} for a matrix.
using TensorShape = std::vector<std::int64_t>;

/// One array. Without any dimension it is a single number.
struct Tensor {
  std::string name;                     ///< its name in the file
  ElementType type = ElementType::f32;  ///< of every element
  TensorShape shape;                    ///< empty: a single number
  std::string bytes;                    ///< the elements, the last dimension running fastest

  /// Name, type, shape and every byte.
  bool operator==(const Tensor&) const = default;
};

/// The bytes that a tensor of this shape has; nothing where a dimension is negative or 64 bits
/// cannot say how many.
std::optional<std::uint64_t> size_in_bytes(ElementType type, const TensorShape& shape);

/// "F32 [300, 784]", for messages.
std::string describe(ElementType type, const TensorShape& shape);

/// Throws std::invalid_argument where the tensor is not of this type, or its shape disagrees with
/// its bytes.
void check_tensor(const Tensor& tensor, ElementType type);

/// Rows and columns: those of two dimensions; one of fewer is a column. Throws
/// std::invalid_argument for more dimensions.
std::pair<Index, Index> matrix_shape(const Tensor& tensor);

/// A tensor of one dimension.
template <class T>
Tensor to_tensor(std::string name, const std::vector<T>& values) {
  Tensor tensor{std::move(name), element_type(T{}), {static_cast<Index>(values.size())}, {}};
  tensor.bytes.assign(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  return tensor;
}

/// A tensor of the matrix's two dimensions; of one, if its type is a vector's (a .col(0), say).
template <class Derived>
Tensor to_tensor(std::string name, const Eigen::MatrixBase<Derived>& values) {
  using T = typename Derived::Scalar;
  Tensor tensor{std::move(name), element_type(T{}), {values.rows(), values.cols()}, {}};
  if constexpr (Derived::IsVectorAtCompileTime) tensor.shape = {values.size()};
  if (values.size() == 0) return tensor;  // or 2^60 rows of nothing would be walked
  tensor.bytes.reserve(static_cast<std::size_t>(values.size()) * sizeof(T));
  for (Index i = 0; i < values.rows(); ++i) {
    for (Index j = 0; j < values.cols(); ++j) {
      const T value = values(i, j);
      tensor.bytes.append(reinterpret_cast<const char*>(&value), sizeof(T));
    }
  }
  return tensor;
}

/// The elements, row by row. Throws as check_tensor does.
template <class T>
std::vector<T> to_values(const Tensor& tensor) {
  check_tensor(tensor, element_type(T{}));
  std::vector<T> values(tensor.bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

/// The tensor as a matrix. Throws as check_tensor and matrix_shape do.
template <class T>
Matrix<T> to_matrix(const Tensor& tensor) {
  using RowByRow = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const std::vector<T> values = to_values<T>(tensor);
  const auto [rows, cols] = matrix_shape(tensor);
  Matrix<T> matrix(rows, cols);
  if (!values.empty()) matrix = Eigen::Map<const RowByRow>(values.data(), rows, cols);
  return matrix;
}

}  // namespace elbo
