#include "elbo/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <system_error>

#include "elbo/files.hpp"
#include "elbo/safetensors_header.hpp"

namespace elbo {
namespace {

namespace fs = std::filesystem;

static_assert(std::endian::native == std::endian::little, "bytes are written as they lie");

constexpr std::uint64_t largest_file = std::uint64_t{2} << 30;

// A mistake of the program, not of a file.
void check_name(const std::string& name, std::set<std::string>& taken) {
  if (!taken.insert(name).second) {
    throw std::invalid_argument("to_safetensors: wanted a name that is free, found " +
                                quoted(name) + "; give each tensor its own");
  }
}

std::string json_header(const TensorFile& file) {
  auto header = nlohmann::ordered_json::object();
  if (!file.metadata.empty()) header[metadata_key] = file.metadata;
  std::set<std::string> taken = {metadata_key};
  std::uint64_t end = 0;
  for (const Tensor& tensor : file.tensors) {
    check_tensor(tensor, tensor.type);
    check_name(tensor.name, taken);
    const std::uint64_t begin = end;
    end += tensor.bytes.size();
    header[tensor.name] = {
        {"dtype", type_name(tensor.type)}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
  }
  try {
    return header.dump();
  } catch (const nlohmann::json::type_error&) {
    throw std::invalid_argument("to_safetensors: wanted names and metadata in UTF-8, found others");
  }
}

}  // namespace

const Tensor* TensorFile::find(std::string_view name) const {
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [&](const Tensor& tensor) { return tensor.name == name; });
  return found == tensors.end() ? nullptr : &*found;
}

const Tensor& TensorFile::get(const std::string& name, ElementType type,
                              const TensorShape& shape) const {
  const Tensor* const tensor = find(name);
  if (tensor == nullptr || tensor->type != type || tensor->shape != shape) {
    refuse_safetensors(
        source, "tensor " + quoted(name) + " of " + describe(type, shape),
        tensor == nullptr ? "none of that name" : describe(tensor->type, tensor->shape));
  }
  return *tensor;
}

std::string to_safetensors(const TensorFile& file) {
  std::string header = json_header(file);
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
  bytes += header;
  for (const Tensor& tensor : file.tensors) bytes += tensor.bytes;
  return bytes;
}

TensorFile from_safetensors(std::string_view bytes, const std::string& source) {
  SafetensorsHeader header = read_safetensors_header(bytes, source);
  TensorFile file{{}, std::move(header.metadata), source};
  for (auto& [tensor, begin, end] : header.places) {
    tensor.bytes = header.data.substr(begin, end - begin);
    file.tensors.push_back(std::move(tensor));
  }
  return file;
}

void save_safetensors(const fs::path& path, const TensorFile& file) {
  write_file(path, to_safetensors(file));
}

TensorFile load_safetensors(const fs::path& path) {
  const std::string source = path.string();
  std::error_code error;
  if (fs::is_directory(path, error)) refuse_safetensors(source, "a file", "a folder");
  if (fs::exists(path, error) && !fs::is_regular_file(path, error)) {
    refuse_safetensors(source, "a file", "a pipe or a device");  // which might never end
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    refuse_safetensors(source, "a readable file", errno != 0 ? std::strerror(errno) : "none");
  }
  const std::uintmax_t size = fs::file_size(path, error);
  if (error || size > largest_file) {
    refuse_safetensors(source, "at most 2 GiB", std::to_string(size) + " bytes");
  }
  std::string bytes(size, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return from_safetensors(bytes, source);
}

}  // namespace elbo
