// What safetensors_test.py runs: writes a file that Python reads, and copies one that Python wrote.
#include <cstddef>
#include <limits>
#include <stdexcept>

#include "elbo/options.hpp"
#include "elbo/safetensors.hpp"

using namespace elbo;

namespace {

// A layer of two outputs and three inputs, what it makes of an input, and a value of every type.
TensorFile example() {
  Matrix<double> weight(2, 3);
  Vector<double> bias(2), x(3);
  weight << 1, 2, 3, 40, 50, 60;
  bias << 0.5, -0.25;
  x << 1, 10, 100;
  const Vector<double> y = weight * x + bias;
  using Float = std::numeric_limits<float>;
  const std::vector<float> floats = {-0.0F, Float::denorm_min(), Float::max(), Float::infinity()};
  return {{to_tensor("layer.weight", weight), to_tensor("layer.bias", bias), to_tensor("x", x),
           to_tensor("y", y), to_tensor("column", weight.leftCols(1)),
           to_tensor("weight32", weight.cast<float>().eval()), to_tensor("floats", floats),
           to_tensor("u64", std::vector<std::uint64_t>{0, ~std::uint64_t{0}}),
           to_tensor("i64", std::vector<std::int64_t>{-1, std::int64_t{1} << 62}),
           to_tensor("u8", std::vector<std::uint8_t>{0, 128, 255}),
           to_tensor("empty", Matrix<float>(0, 4))},
          {{"format", "pt"}, {"a \"word\"\n", "\xc3\xa4"}},
          {}};
}

template <class T>
Tensor copy_as(const Tensor& tensor) {
  if (tensor.shape.size() == 2) return to_tensor(tensor.name, to_matrix<T>(tensor));
  Tensor copy = to_tensor(tensor.name, to_values<T>(tensor));
  copy.shape = tensor.shape;
  return copy;
}

// By way of the book's own matrices, turned twice.
Tensor copy(const Tensor& tensor) {
  switch (tensor.type) {
    case ElementType::f32:
      return copy_as<float>(tensor);
    case ElementType::f64:
      return copy_as<double>(tensor);
    case ElementType::i64:
      return copy_as<std::int64_t>(tensor);
    case ElementType::u64:
      return copy_as<std::uint64_t>(tensor);
    case ElementType::u8:
      break;
  }
  return copy_as<std::uint8_t>(tensor);
}

}  // namespace

int main(int argc, char** argv) {
  return run_chapter("safetensors_tool", [&] {
    if (argc == 2) {
      save_safetensors(argv[1], example());
      return 0;
    }
    if (argc != 3) throw UsageError("wanted TO, or FROM and TO, found something else");
    TensorFile file = load_safetensors(argv[1]);
    for (Tensor& tensor : file.tensors) tensor = copy(tensor);
    save_safetensors(argv[2], file);
    return 0;
  });
}
