#include "elbo/checkpoint_key.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <stdexcept>

#include "elbo/safetensors_header.hpp"
#include "elbo/sha256.hpp"

namespace elbo {
namespace {

constexpr const char* format = "elbo checkpoint";
constexpr const char* version = "1";

// A word of a file, fit to stand in a message.
std::string shown(const std::string& word) {
  const bool plain = word.size() <= 80 && std::all_of(word.begin(), word.end(), [](char c) {
                       return std::isprint(static_cast<unsigned char>(c)) != 0;
                     });
  return plain ? word : quoted(word);
}

// Everything but itself, in an order that does not hang on where empty arrays stand.
std::string checksum(TensorFile file) {
  file.metadata.erase("sha256");
  std::sort(file.tensors.begin(), file.tensors.end(),
            [](const Tensor& a, const Tensor& b) { return a.name < b.name; });
  return sha256({to_safetensors(file)});
}

std::map<std::string, std::string> settings_of(const CheckpointKey& key) {
  std::map<std::string, std::string> settings(key.settings.begin(), key.settings.end());
  settings["program"] = key.program;
  settings["--seed"] = std::to_string(key.seed);
  return settings;
}

// One of ours, and whole.
void check_kind(const TensorFile& file) {
  const auto found = [&](const char* name) {
    const auto at = file.metadata.find(name);
    return at == file.metadata.end() ? std::string("none") : at->second;
  };
  if (found("format") != format) {
    refuse_checkpoint(file.source,
                      "wanted a checkpoint of this book, found another safetensors file");
  }
  if (found("version") != version) {
    refuse_checkpoint(file.source, std::string("wanted a checkpoint of version ") + version +
                                       ", found " + shown(found("version")));
  }
  if (found("sha256") != checksum(file)) {
    refuse_checkpoint(file.source,
                      "wanted the bytes that were written, found others (a corrupt file)",
                      "remove it to start from the beginning, or choose another --checkpoint FILE");
  }
}

void check_settings(const TensorFile& file, const CheckpointKey& key) {
  std::map<std::string, std::string> found = file.metadata;
  for (const char* own : {"format", "version", "random", "sha256"}) found.erase(own);
  const std::map<std::string, std::string> wanted = settings_of(key);
  const auto said = [](const auto& settings, const std::string& name) {
    const auto at = settings.find(name);
    return at == settings.end() ? "no " + name : name + " " + shown(at->second);
  };
  const auto compare = [&](const std::string& name) {
    if (said(found, name) == said(wanted, name)) return;
    refuse_checkpoint(file.source,
                      "made with " + said(found, name) + ", this run has " + said(wanted, name),
                      "give the options it was made with, or another --checkpoint FILE");
  };
  compare("program");
  for (const auto& [name, value] : key.settings) compare(name);  // in the order of the key
  compare("--seed");
  for (const auto& [name, value] : found) compare(shown(name));
}

}  // namespace

void CheckpointKey::add(const std::string& name, const std::string& value) {
  settings.emplace_back(name, value);
}

void CheckpointKey::add(const std::string& name, double value) {
  char text[32];
  add(name, std::string(text, std::to_chars(text, text + sizeof text, value).ptr));
}

void seal_checkpoint(TensorFile& file, const CheckpointKey& key) {
  file.metadata = settings_of(key);
  file.metadata["format"] = format;
  file.metadata["version"] = version;
  file.metadata["random"] = "Philox4x32-10, a function of --seed and progress/";
  file.metadata["sha256"] = checksum(file);
}

void check_checkpoint(const TensorFile& file, const CheckpointKey& key) {
  check_kind(file);
  check_settings(file, key);
}

void refuse_checkpoint(const std::string& source, const std::string& what,
                       const std::string& advice) {
  throw std::runtime_error(source + ": " + what + "; " + advice);
}

}  // namespace elbo
