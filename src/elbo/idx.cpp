#include "elbo/idx.hpp"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

namespace elbo {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t chunk = std::size_t{1} << 20;    // read so much at a time
constexpr std::size_t largest = std::size_t{2} << 30;  // and never more than this in all
constexpr std::uint32_t images_magic = 0x00000803, labels_magic = 0x00000801;

[[noreturn]] void refuse(const fs::path& path, const std::string& wanted,
                         const std::string& found) {
  throw std::runtime_error(path.string() + ": wanted " + wanted + ", found " + found +
                           "; fetch the file again (./book data mnist) or check --data");
}

std::string hex(std::uint32_t value) {
  std::ostringstream text;
  text << "0x" << std::hex << value;
  return text.str();
}

// The bytes of a plain or gzip file (zlib passes plain ones through), grown as they arrive, so that
// a header that lies about its size can claim no memory.
class Reader {
 public:
  explicit Reader(const fs::path& path) : path_(path), file_(open(path), &gzclose) {
    if (gzdirect(file_.get()) == 1 && path.extension() == ".gz") {
      refuse(path, "a gzip file (by its name)", "other bytes");
    }
  }

  std::uint32_t big_endian(const char* what) {
    std::uint8_t b[4];
    const std::size_t got = read(b, 4);
    if (got != 4) refuse(path_, std::string("4 bytes of ") + what, std::to_string(got));
    return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
  }

  std::vector<std::uint8_t> rest(std::uint64_t wanted) {
    std::vector<std::uint8_t> bytes;
    while (bytes.size() <= wanted) {  // one byte more than wanted shows a file that is too long
      const std::size_t have = bytes.size();
      bytes.resize(have + std::min<std::uint64_t>(chunk, wanted + 1 - have));
      const std::size_t got = read(bytes.data() + have, bytes.size() - have);
      const bool end = got < bytes.size() - have;
      bytes.resize(have + got);
      if (end) break;
    }
    const std::string size = std::to_string(wanted) + " bytes after the header";
    if (bytes.size() < wanted) refuse(path_, size, std::to_string(bytes.size()) + " (truncated)");
    if (bytes.size() > wanted) refuse(path_, size, "more");
    return bytes;
  }

 private:
  static gzFile open(const fs::path& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) refuse(path, "a file", "a folder");
    errno = 0;
    gzFile file = gzopen(path.c_str(), "rb");
    if (!file) refuse(path, "a readable file", errno ? std::strerror(errno) : "none");
    return file;
  }

  std::size_t read(std::uint8_t* to, std::size_t count) {
    const int got = gzread(file_.get(), to, static_cast<unsigned>(count));
    int error = Z_OK;
    const char* message = gzerror(file_.get(), &error);
    if (got < 0 || (error != Z_OK && error != Z_STREAM_END)) {
      refuse(path_, "a whole gzip stream", error == Z_BUF_ERROR ? "a truncated one" : message);
    }
    return static_cast<std::size_t>(got);
  }

  fs::path path_;
  std::unique_ptr<gzFile_s, decltype(&gzclose)> file_;
};

void check_magic(const fs::path& path, Reader& reader, std::uint32_t wanted, const char* kind) {
  const std::uint32_t magic = reader.big_endian("magic number");
  if (magic != wanted) refuse(path, std::string(kind) + " (magic " + hex(wanted) + ")", hex(magic));
}

}  // namespace

Images read_idx_images(const fs::path& path) {
  Reader reader(path);
  check_magic(path, reader, images_magic, "IDX images");
  const std::uint64_t count = reader.big_endian("image count");
  const std::uint64_t rows = reader.big_endian("row count");
  const std::uint64_t cols = reader.big_endian("column count");
  const std::string found =
      std::to_string(count) + " images of " + std::to_string(rows) + " x " + std::to_string(cols);
  constexpr std::uint64_t side = 4096;  // rows * cols * count cannot overflow below this
  if (count < 1 || rows < 1 || cols < 1 || rows > side || cols > side ||
      count > largest / (rows * cols)) {
    refuse(path, "at least one image, sides up to 4096, 2 GiB in all", found);
  }
  Images images{static_cast<Index>(count),
                static_cast<Index>(rows),
                static_cast<Index>(cols),
                reader.rest(count * rows * cols),
                {}};
  return images;
}

std::vector<std::uint8_t> read_idx_labels(const fs::path& path) {
  Reader reader(path);
  check_magic(path, reader, labels_magic, "IDX labels");
  const std::uint64_t count = reader.big_endian("label count");
  if (count < 1 || count > largest) {
    refuse(path, "between 1 and 2^31 labels", std::to_string(count));
  }
  std::vector<std::uint8_t> labels = reader.rest(count);
  const std::uint8_t top = *std::max_element(labels.begin(), labels.end());
  if (top > 9) refuse(path, "labels 0 to 9", std::to_string(top));
  return labels;
}

}  // namespace elbo
