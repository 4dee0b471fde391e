#include "elbo/tensor.hpp"

#include <stdexcept>

namespace elbo {
namespace {

[[noreturn]] void refuse(const Tensor& tensor, const std::string& wanted,
                         const std::string& found) {
  throw std::invalid_argument("tensor '" + tensor.name + "': wanted " + wanted + ", found " +
                              found);
}

}  // namespace

const char* type_name(ElementType type) {
  switch (type) {
    case ElementType::f32:
      return "F32";
    case ElementType::f64:
      return "F64";
    case ElementType::i64:
      return "I64";
    case ElementType::u64:
      return "U64";
    case ElementType::u8:
      break;
  }
  return "U8";
}

std::optional<std::uint64_t> size_in_bytes(ElementType type, const TensorShape& shape) {
  std::uint64_t size = type == ElementType::u8 ? 1 : type == ElementType::f32 ? 4 : 8;
  for (const std::int64_t dimension : shape) {
    if (dimension < 0 ||
        __builtin_mul_overflow(size, static_cast<std::uint64_t>(dimension), &size)) {
      return std::nullopt;
    }
  }
  return size;
}

std::string describe(ElementType type, const TensorShape& shape) {
  std::string text = type_name(type) + std::string(" [");
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    if (i == 8) {  // nobody reads on
      text += "...";
      break;
    }
    text += std::to_string(shape[i]);
  }
  return text + "]";
}

void check_tensor(const Tensor& tensor, ElementType type) {
  if (tensor.type != type) {
    refuse(tensor, describe(type, tensor.shape), describe(tensor.type, tensor.shape));
  }
  const std::optional<std::uint64_t> size = size_in_bytes(type, tensor.shape);
  if (size != tensor.bytes.size()) {
    const std::string wanted = size ? std::to_string(*size) + " bytes" : "a shape that can be";
    refuse(tensor, wanted,
           std::to_string(tensor.bytes.size()) + " bytes of " + describe(type, tensor.shape));
  }
}

std::pair<Index, Index> matrix_shape(const Tensor& tensor) {
  const TensorShape& shape = tensor.shape;
  if (shape.size() > 2) {
    refuse(tensor, "at most two dimensions", describe(tensor.type, tensor.shape));
  }
  return {shape.empty() ? 1 : shape[0], shape.size() < 2 ? 1 : shape[1]};
}

}  // namespace elbo
