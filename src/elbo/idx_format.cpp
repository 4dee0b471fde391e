#include "elbo/idx_format.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

namespace elbo {
namespace {

constexpr std::size_t chunk = std::size_t{1} << 20;        // read so much at a time
constexpr std::uint64_t largest = std::uint64_t{2} << 30;  // and never more than this in all
constexpr std::uint32_t images_magic = 0x00000803, labels_magic = 0x00000801;

std::string hex(std::uint32_t value) {
  std::array<char, 16> text;
  std::snprintf(text.data(), text.size(), "0x%x", static_cast<unsigned>(value));
  return text.data();
}

std::uint32_t big_endian(const ByteSource& source, const char* what) {
  std::uint8_t b[4];
  const std::size_t got = source.read(b, 4);
  if (got != 4) source.refuse(std::string("4 bytes of ") + what, std::to_string(got));
  return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
}

void check_magic(const ByteSource& source, std::uint32_t wanted, const char* kind) {
  const std::uint32_t magic = big_endian(source, "magic number");
  if (magic != wanted)
    source.refuse(std::string(kind) + " (magic " + hex(wanted) + ")", hex(magic));
}

// Grown as the bytes arrive, so that a header that lies about its size can claim no memory.
std::vector<std::uint8_t> rest(const ByteSource& source, std::uint64_t wanted) {
  std::vector<std::uint8_t> bytes;
  while (bytes.size() <= wanted) {  // one byte more than wanted shows a file that is too long
    const std::size_t have = bytes.size();
    bytes.resize(have +
                 static_cast<std::size_t>(std::min<std::uint64_t>(chunk, wanted + 1 - have)));
    const std::size_t got = source.read(bytes.data() + have, bytes.size() - have);
    const bool end = got < bytes.size() - have;
    bytes.resize(have + got);
    if (end) break;
  }
  const std::string size = std::to_string(wanted) + " bytes after the header";
  if (bytes.size() < wanted) source.refuse(size, std::to_string(bytes.size()) + " (truncated)");
  if (bytes.size() > wanted) source.refuse(size, "more");
  return bytes;
}

}  // namespace

ByteSource ByteSource::from(std::string name, std::span<const std::uint8_t> bytes) {
  return {std::move(name), "", [bytes](std::uint8_t* to, std::size_t count) mutable {
            const auto next = bytes.first(std::min(count, bytes.size()));
            std::copy(next.begin(), next.end(), to);
            bytes = bytes.subspan(next.size());
            return next.size();
          }};
}

void ByteSource::refuse(const std::string& wanted, const std::string& found) const {
  throw std::runtime_error(name + ": wanted " + wanted + ", found " + found +
                           (advice.empty() ? "" : "; " + advice));
}

Images parse_idx_images(const ByteSource& source) {
  check_magic(source, images_magic, "IDX images");
  const std::uint64_t count = big_endian(source, "image count");
  const std::uint64_t rows = big_endian(source, "row count");
  const std::uint64_t cols = big_endian(source, "column count");
  const std::string found =
      std::to_string(count) + " images of " + std::to_string(rows) + " x " + std::to_string(cols);
  constexpr std::uint64_t side = 4096;  // rows * cols * count cannot overflow below this
  if (count < 1 || rows < 1 || cols < 1 || rows > side || cols > side ||
      count > largest / (rows * cols)) {
    source.refuse("at least one image, sides up to 4096, 2 GiB in all", found);
  }
  return {static_cast<Index>(count),
          static_cast<Index>(rows),
          static_cast<Index>(cols),
          rest(source, count * rows * cols),
          {}};
}

std::vector<std::uint8_t> parse_idx_labels(const ByteSource& source) {
  check_magic(source, labels_magic, "IDX labels");
  const std::uint64_t count = big_endian(source, "label count");
  if (count < 1 || count > largest) {
    source.refuse("between 1 and 2^31 labels", std::to_string(count));
  }
  std::vector<std::uint8_t> labels = rest(source, count);
  const std::uint8_t top = *std::max_element(labels.begin(), labels.end());
  if (top > 9) source.refuse("labels 0 to 9", std::to_string(top));
  return labels;
}

}  // namespace elbo
