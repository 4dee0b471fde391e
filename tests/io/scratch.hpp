// What the tests of files share: a folder that goes away, IDX files by hand, and what was thrown.
#pragma once

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "check.hpp"

namespace elbo {

using ByteVector = std::vector<std::uint8_t>;

/// A folder of its own for one test, removed at its end.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "elbo-io-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    folder = name;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return folder / name; }

  std::filesystem::path folder;
};

/// Sets an environment variable (or unsets it) and gives it back at the end.
class Environment {
 public:
  Environment(const char* name, const std::optional<std::string>& value) : name_(name) {
    if (const char* before = getenv(name)) before_ = before;
    set(value);
  }
  ~Environment() { set(before_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  void set(const std::optional<std::string>& value) {
    if (value) {
      setenv(name_, value->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }

  const char* name_;
  std::optional<std::string> before_;
};

/// Root may read and write everything; as long as this lives, root is nobody.
class Unprivileged {
 public:
  Unprivileged() : before_(geteuid()) {
    if (before_ == 0) REQUIRE(seteuid(65534) == 0);
  }
  ~Unprivileged() {
    if (geteuid() != before_ && seteuid(before_) != 0) std::abort();
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;

 private:
  uid_t before_;
};

inline void write_bytes(const std::filesystem::path& path, const ByteVector& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_gzip(const std::filesystem::path& path, const ByteVector& bytes) {
  std::filesystem::create_directories(path.parent_path());
  gzFile file = gzopen(path.c_str(), "wb");
  REQUIRE(file != nullptr);
  if (!bytes.empty()) {
    REQUIRE(gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())) > 0);
  }
  REQUIRE(gzclose(file) == Z_OK);
}

/// An IDX file: magic, sizes (big-endian), then the content.
inline ByteVector idx(std::uint32_t magic, const std::vector<std::uint32_t>& sizes,
                      const ByteVector& content) {
  ByteVector bytes;
  const auto append = [&](std::uint32_t value) {
    for (const int shift : {24, 16, 8, 0}) {
      bytes.push_back(static_cast<std::uint8_t>(value >> shift));
    }
  };
  append(magic);
  for (const std::uint32_t size : sizes) append(size);
  bytes.insert(bytes.end(), content.begin(), content.end());
  return bytes;
}

inline ByteVector idx_images(std::uint32_t count, std::uint32_t rows, std::uint32_t cols,
                             const ByteVector& pixels) {
  return idx(0x803, {count, rows, cols}, pixels);
}

inline ByteVector idx_labels(const ByteVector& labels) {
  return idx(0x801, {static_cast<std::uint32_t>(labels.size())}, labels);
}

/// What `Exception` says when `action` throws it; empty when nothing is thrown.
template <class Exception = std::runtime_error, class Action>
std::string message(Action&& action) {
  try {
    action();
  } catch (const Exception& error) {
    return error.what();
  }
  return "";
}

/// What a reader needs in a message, and that it is one line.
inline void check_message(const std::string& said, const std::vector<std::string>& parts) {
  INFO("the message: " << said);
  CHECK(!said.empty());
  CHECK(!contains(said, "\n"));
  for (const std::string& part : parts) {
    INFO("wanted in it: " << part);
    CHECK(contains(said, part));
  }
}

inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace elbo
