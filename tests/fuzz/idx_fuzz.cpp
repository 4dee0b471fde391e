// Any bytes as an IDX file, plain or gzip, of images and of labels.
#include "elbo/idx.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <stdexcept>

#include "fuzz.hpp"

using namespace elbo;

namespace {

// A file without a disk: its path is /proc/self/fd/N, and each reader opens it anew.
class MemoryFile {
 public:
  MemoryFile() : file_(memfd_create("idx", 0)) { must(file_ >= 0, "a file in memory"); }
  ~MemoryFile() { close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  void hold(const std::uint8_t* data, std::size_t size) const {
    must(ftruncate(file_, 0) == 0 && pwrite(file_, data, size, 0) == static_cast<ssize_t>(size),
         "the input in the file");
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

void refused(const std::runtime_error& error) {
  must_be_one_line(error.what());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const MemoryFile file;
  file.hold(data, size);
  try {
    const Images images = read_idx_images(file.path());
    must(images.count >= 1 && images.rows >= 1 && images.cols >= 1, "at least one pixel");
    must(images.pixels.size() == static_cast<std::size_t>(images.count * images.dimension()),
         "as many pixels as said");
  } catch (const std::runtime_error& error) {
    refused(error);
  }
  try {
    const std::vector<std::uint8_t> labels = read_idx_labels(file.path());
    must(!labels.empty() && *std::max_element(labels.begin(), labels.end()) <= 9, "labels 0 to 9");
  } catch (const std::runtime_error& error) {
    refused(error);
  }
  return 0;
}
