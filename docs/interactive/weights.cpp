#include "weights.hpp"

#include <cstring>
#include <stdexcept>
#include <string_view>

namespace interactive {
namespace {

using elbo::Index;
using elbo::Matrix;

[[noreturn]] void refuse(const std::string& source, const std::string& wanted,
                         const std::string& found) {
  throw std::runtime_error(source + ": wanted " + wanted + ", found " + found +
                           "; load the page again");
}

std::string size_of(std::size_t bytes) {
  return std::to_string(bytes) + " bytes";
}

// The header and the data after it.
std::pair<std::string_view, std::string_view> halves(Bytes bytes, const std::string& source) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::uint64_t length = 0;
  if (text.size() < sizeof length) refuse(source, "a safetensors file", size_of(text.size()));
  std::memcpy(&length, text.data(), sizeof length);
  if (length > text.size() - sizeof length) {
    refuse(source, "a safetensors file", "another kind of file, or a part of one");
  }
  const auto end = static_cast<std::size_t>(length) + sizeof length;
  return {text.substr(sizeof length, end - sizeof length), text.substr(end)};
}

// How the library writes of an array whose first byte is that one.
std::string entry(const Wanted& array, std::size_t first, std::size_t size) {
  return "\"" + array.name + "\":{\"dtype\":\"F32\",\"shape\":[" + std::to_string(array.rows) +
         "," + std::to_string(array.cols) + "],\"data_offsets\":[" + std::to_string(first) + "," +
         std::to_string(first + size) + "]}";
}

// Files hold arrays row by row, the library column by column.
Matrix<float> matrix(std::string_view data, Index rows, Index cols) {
  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> by_row(rows, cols);
  std::memcpy(by_row.data(), data.data(), data.size());
  return by_row;
}

}  // namespace

std::vector<Matrix<float>> read_weights(Bytes bytes, const std::string& source,
                                        const std::vector<Wanted>& wanted) {
  const auto [header, data] = halves(bytes, source);
  std::size_t end = 0;
  std::vector<std::size_t> sizes;
  for (const Wanted& array : wanted) {
    sizes.push_back(static_cast<std::size_t>(array.rows * array.cols) * sizeof(float));
    const std::string line = entry(array, end, sizes.back());
    if (header.find(line) == header.npos) refuse(source, line, "a header without it");
    end += sizes.back();
  }
  if (data.size() != end) {
    refuse(source, size_of(end) + " after the header",
           std::to_string(data.size()) + (data.size() < end ? " (truncated)" : ""));
  }
  std::vector<Matrix<float>> found;
  end = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    found.push_back(matrix(data.substr(end, sizes[i]), wanted[i].rows, wanted[i].cols));
    if (!found.back().allFinite()) refuse(source, "numbers for " + wanted[i].name, "others");
    end += sizes[i];
  }
  return found;
}

}  // namespace interactive
