#include "elbo/idx.hpp"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "elbo/idx_format.hpp"

namespace elbo {
namespace {

namespace fs = std::filesystem;

// The bytes of a plain or gzip file (zlib passes plain ones through).
ByteSource bytes_of(const fs::path& path) {
  ByteSource source{path.string(), "fetch the file again (./book data mnist) or check --data", {}};
  std::error_code none;
  if (fs::is_directory(path, none)) source.refuse("a file", "a folder");
  errno = 0;
  const std::shared_ptr<gzFile_s> file(gzopen(path.c_str(), "rb"), [](gzFile opened) {
    if (opened) gzclose(opened);
  });
  if (!file) source.refuse("a readable file", errno ? std::strerror(errno) : "none");
  if (gzdirect(file.get()) == 1 && path.extension() == ".gz") {
    source.refuse("a gzip file (by its name)", "other bytes");
  }

  const ByteSource words = source;
  source.read = [file, words](std::uint8_t* to, std::size_t count) {
    const int got = gzread(file.get(), to, static_cast<unsigned>(count));
    int error = Z_OK;
    const char* message = gzerror(file.get(), &error);
    if (got < 0 || (error != Z_OK && error != Z_STREAM_END)) {
      words.refuse("a whole gzip stream", error == Z_BUF_ERROR ? "a truncated one" : message);
    }
    return static_cast<std::size_t>(got);
  };
  return source;
}

}  // namespace

Images read_idx_images(const fs::path& path) {
  return parse_idx_images(bytes_of(path));
}

std::vector<std::uint8_t> read_idx_labels(const fs::path& path) {
  return parse_idx_labels(bytes_of(path));
}

}  // namespace elbo
