// Writing files: whole or not at all, and nothing left behind.
#include "elbo/files.hpp"

#include <sys/resource.h>
#include <csignal>

#include "scratch.hpp"

using namespace elbo;

namespace {

// As on a full disk: no file of this process may grow beyond `bytes`.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    before_signal_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, before_signal_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*before_signal_)(int) = nullptr;
};

}  // namespace

TEST_CASE("a file is written whole, over what was there, and alone", "[files]") {
  const Scratch scratch;
  const std::filesystem::path path = scratch / "results.json";
  write_file(path, "first\n");
  CHECK(text_of(path) == "first\n");
  const std::string every_byte = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    return bytes;
  }();
  write_file(path, every_byte);
  CHECK(text_of(path) == every_byte);
  write_file(path, "");
  CHECK((std::filesystem::exists(path) && text_of(path).empty()));
  const std::string large(3 << 20, 'x');
  write_file(path, large);
  CHECK(text_of(path) == large);
  CHECK(names_in(scratch.folder) == std::vector<std::string>{"results.json"});
}

TEST_CASE("a disk that fills up leaves the old content and no temporary", "[files]") {
  const Scratch scratch;
  const std::filesystem::path path = scratch / "results.json";
  write_file(path, "old");
  std::string said;
  {
    const FullDisk full(1000);
    said = message([&] { write_file(path, std::string(5000, 'x')); });
  }
  check_message(said, {path.string(), "cannot write", "--out"});
  CHECK(text_of(path) == "old");
  CHECK(names_in(scratch.folder) == std::vector<std::string>{"results.json"});

  {
    const FullDisk full(1000);
    said = message([&] { write_file(scratch / "new", std::string(1001, 'x')); });
  }
  check_message(said, {(scratch / "new").string()});
  CHECK(names_in(scratch.folder) == std::vector<std::string>{"results.json"});
}

TEST_CASE("a file that cannot be put in place leaves everything as it was", "[files]") {
  const Scratch scratch;
  write_bytes(scratch / "folder/inside", {1});
  check_message(message([&] { write_file(scratch / "folder", "text"); }),
                {(scratch / "folder").string(), "cannot write"});
  CHECK(names_in(scratch.folder) == std::vector<std::string>{"folder"});
  CHECK(names_in(scratch / "folder") == std::vector<std::string>{"inside"});

  check_message(message([&] { write_file(scratch / "no/such", "text"); }),
                {(scratch / "no/such").string(), "No such file"});
  check_message(message([&] { write_file(scratch / "folder/inside/x", "text"); }),
                {"Not a directory"});
  check_message(message([] { write_file("/dev/full/x", "text"); }), {"/dev/full/x"});

  std::filesystem::permissions(scratch.folder, std::filesystem::perms(0755));
  std::filesystem::permissions(scratch / "folder", std::filesystem::perms(0555));
  const Unprivileged nobody;
  check_message(message([&] { write_file(scratch / "folder/inside", "text"); }),
                {"Permission denied"});
  check_message(message([&] { make_output_folder(scratch / "folder"); }), {"Permission denied"});
  CHECK(text_of(scratch / "folder/inside") == "\1");
}

TEST_CASE("the output folder is made, with those above it, and left empty", "[files]") {
  const Scratch scratch;
  make_output_folder(scratch / "a/b/c");
  CHECK(std::filesystem::is_directory(scratch / "a/b/c"));
  CHECK(names_in(scratch / "a/b/c").empty());

  // What is in it stays.
  write_file(scratch / "a/b/c/results.json", "old");
  make_output_folder(scratch / "a/b/c");
  CHECK(text_of(scratch / "a/b/c/results.json") == "old");
  CHECK(names_in(scratch / "a/b/c") == std::vector<std::string>{"results.json"});
  std::filesystem::create_directory_symlink(scratch / "a/b/c", scratch / "link");
  make_output_folder(scratch / "link");
  CHECK(names_in(scratch / "a/b/c") == std::vector<std::string>{"results.json"});
}

TEST_CASE("an output folder that cannot be is refused before the run", "[files]") {
  const Scratch scratch;
  write_bytes(scratch / "file", {1});
  const auto refused = [](const std::filesystem::path& folder) {
    return message([&] { make_output_folder(folder); });
  };
  check_message(refused(scratch / "file"),
                {"--out " + (scratch / "file").string(), "wanted a folder", "found a file"});
  check_message(refused(scratch / "file/below"), {"--out", "Not a directory"});
  check_message(refused("/dev/full"), {"--out /dev/full", "wanted a folder"});
  check_message(refused("/proc/elbo"), {"/proc/elbo"});
  check_message(refused("/proc"), {"/proc", "cannot write"});  // there, and not to be written in
  std::string said;
  {
    const FullDisk full(1);
    said = refused(scratch / "full");
  }
  check_message(said, {(scratch / "full").string(), "cannot write"});
  CHECK(names_in(scratch / "full").empty());
}
