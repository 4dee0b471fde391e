#include "elbo/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace elbo {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const char* doing, int error) {
  throw std::runtime_error(path.string() + ": " + doing + ": " + std::strerror(error) +
                           "; free some space, or choose another folder with --out");
}

// Everything or an errno: short writes go on, interruptions are tried again.
int write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0 || errno == EINVAL ? 0 : errno;  // a pipe cannot be synced
}

// Makes the new name last through a loss of power. The file is in place by now, so a file system
// that cannot do this is no failure.
void sync_folder(const fs::path& folder) {
  const int file =
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace

void write_file(const fs::path& path, std::string_view bytes) {
  const fs::path temporary = path.string() + "." + std::to_string(::getpid()) + ".tmp";
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) fail(path, "cannot write", errno);
  int error = write_all(file, bytes);
  if (::close(file) != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    fail(path, "cannot write", error);
  }
  sync_folder(path.parent_path());
}

void make_output_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
    throw std::runtime_error("--out " + folder.string() +
                             ": wanted a folder, found a file of that name; choose another");
  }
  fs::create_directories(folder, error);
  if (error) {
    throw std::runtime_error("--out " + folder.string() +
                             ": cannot make the folder: " + error.message() + "; choose another");
  }
  const fs::path trial = folder / ".can-write";
  write_file(trial, "yes\n");
  fs::remove(trial, error);
}

}  // namespace elbo
