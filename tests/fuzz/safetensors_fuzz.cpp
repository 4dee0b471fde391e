// Any bytes as a safetensors file: what is taken can be written and read again, and is the same.
#include "elbo/safetensors.hpp"

#include <cstddef>
#include <stdexcept>
#include <string_view>

#include "fuzz.hpp"

using namespace elbo;

namespace {

std::uint64_t header_of(std::string_view bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  return length;
}

void check_taken(const TensorFile& file, std::string_view input) {
  std::uint64_t size = sizeof(std::uint64_t) + header_of(input);
  for (const Tensor& tensor : file.tensors) size += tensor.bytes.size();
  must(size == input.size(), "every byte read, and once");
  const std::string written = to_safetensors(file);
  must(header_of(written) % 8 == 0, "data at a multiple of 8");
  const TensorFile again = from_safetensors(written, "again");
  must(again.tensors == file.tensors && again.metadata == file.metadata, "the same twice");
  for (const Tensor& tensor : file.tensors) {
    must(size_in_bytes(tensor.type, tensor.shape) == tensor.bytes.size(), "as many bytes as said");
    if (tensor.type != ElementType::f32 || tensor.shape.size() > 2) continue;
    // NaN has many forms: bytes are compared, not numbers.
    must(to_tensor("", to_matrix<float>(tensor)).bytes == tensor.bytes, "a matrix turned twice");
  }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

// Changes an input; every other time the length in front is made to fit the header again, for blind
// changes seldom do that, and nearly all would end there.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, most);
  const std::size_t brace =
      std::string_view(reinterpret_cast<const char*>(data), size).find_last_of('}');
  if (seed % 2 == 0 && brace != std::string_view::npos && brace >= 8) {
    const std::uint64_t length = brace + 1 - 8;
    std::memcpy(data, &length, sizeof length);
  }
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  try {
    check_taken(from_safetensors(input, "input"), input);
  } catch (const std::runtime_error& error) {
    must_be_one_line(error.what());
    must(std::string_view(error.what()).starts_with("input: wanted "), "a message that starts so");
  }
  return 0;
}
