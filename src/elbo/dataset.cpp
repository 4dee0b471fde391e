#include "elbo/dataset.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "elbo/digits.hpp"
#include "elbo/idx.hpp"
#include "elbo/random.hpp"
#include "elbo/sha256.hpp"

namespace elbo {
namespace {

namespace fs = std::filesystem;

std::string_view bytes(const std::vector<std::uint8_t>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size()};
}

std::string sha256_of(const Dataset& data) {
  return sha256({bytes(data.train.pixels), bytes(data.train.labels), bytes(data.test.pixels),
                 bytes(data.test.labels)});
}

// folder/name or folder/name.gz, whichever is there.
std::optional<fs::path> find_file(const fs::path& folder, const std::string& name) {
  for (const char* ending : {"", ".gz"}) {
    fs::path path = folder / (name + ending);
    std::error_code error;
    if (fs::exists(path, error)) return path;
  }
  return std::nullopt;
}

struct FileNames {
  std::string train, test, train_labels, test_labels, valid;
};

const FileNames mnist{"train-images-idx3-ubyte", "t10k-images-idx3-ubyte",
                      "train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte", ""};
const FileNames binarized{"binarized-train-images-idx3-ubyte", "binarized-test-images-idx3-ubyte",
                          "", "", "binarized-valid-images-idx3-ubyte"};

bool holds(const fs::path& folder, const FileNames& names) {
  return find_file(folder, names.train) && find_file(folder, names.test);
}

bool all_in(const Dataset& data, std::uint8_t low, std::uint8_t high) {
  const auto one_of = [=](std::uint8_t pixel) { return pixel == low || pixel == high; };
  return std::ranges::all_of(data.train.pixels, one_of) &&
         std::ranges::all_of(data.test.pixels, one_of) &&
         std::ranges::all_of(data.valid.pixels, one_of);
}

void stretch_binary(Dataset& data) {
  if (!all_in(data, 0, 1)) return;
  for (Images* images : {&data.train, &data.test, &data.valid}) {
    for (std::uint8_t& pixel : images->pixels) pixel = static_cast<std::uint8_t>(255 * pixel);
  }
}

Images read_part(const fs::path& folder, const std::string& images_name,
                 const std::string& labels_name) {
  const fs::path path = *find_file(folder, images_name);
  Images images = read_idx_images(path);
  const std::optional<fs::path> labels =
      labels_name.empty() ? std::nullopt : find_file(folder, labels_name);
  if (labels) {
    images.labels = read_idx_labels(*labels);
    if (static_cast<Index>(images.labels.size()) != images.count) {
      throw std::runtime_error(labels->string() + ": wanted " + std::to_string(images.count) +
                               " labels, one per image of " + path.filename().string() +
                               ", found " + std::to_string(images.labels.size()) +
                               "; take both files from one set");
    }
  }
  return images;
}

// The binarised set comes sorted by digit: its first thousand test images are all zeros and ones.
// In this order, the same for all readers, any part of it is like the whole.
void shuffle(Images& images, std::uint64_t part) {
  const Images sorted = images;
  const auto order =
      Random(28, Stream::shuffle, part).permutation(static_cast<std::uint32_t>(images.count));
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto size = static_cast<std::ptrdiff_t>(images.dimension());
    std::copy_n(sorted.pixels.begin() + order[i] * size, size,
                images.pixels.begin() + static_cast<std::ptrdiff_t>(i) * size);
  }
}

Dataset read_folder(const std::string& name, const fs::path& folder, const FileNames& files) {
  Dataset data;
  data.name = name;
  data.train = read_part(folder, files.train, files.train_labels);
  data.test = read_part(folder, files.test, files.test_labels);
  if (!files.valid.empty() && find_file(folder, files.valid)) {
    data.valid = read_part(folder, files.valid, "");
  }
  for (const Images* other : {&data.test, &data.valid}) {
    if (other->count == 0) continue;
    if (data.train.rows == other->rows && data.train.cols == other->cols) continue;
    throw std::runtime_error(folder.string() +
                             ": training and test pictures differ in size; take both from one set");
  }
  stretch_binary(data);
  data.sha256 = sha256_of(data);
  if (&files == &binarized) {
    shuffle(data.train, 1);
    shuffle(data.test, 2);
    shuffle(data.valid, 3);
  }
  return data;
}

std::vector<fs::path> named_folders(const std::string& name) {
  std::vector<fs::path> folders;
  if (const char* given = std::getenv("ELBO_DATA"); given && *given) {
    // Its own folder, or all sets in one.
    folders = {fs::path(given) / name, fs::path(given) / "mnist", given};
  }
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache) {
    folders.push_back(fs::path(cache) / "elbo" / name);
  } else if (const char* home = std::getenv("HOME"); home && *home) {
    folders.push_back(fs::path(home) / ".cache" / "elbo" / name);
  }
  return folders;
}

Dataset load_named(const std::string& name, const FileNames& files) {
  const std::vector<fs::path> folders = named_folders(name);
  for (const fs::path& folder : folders) {
    if (holds(folder, files)) return read_folder(name, folder, files);
  }
  std::string looked;
  for (const fs::path& folder : folders) looked += (looked.empty() ? "" : ", ") + folder.string();
  throw std::runtime_error("--data " + name + ": wanted " + files.train + "[.gz] and " +
                           files.test + "[.gz], found neither in " +
                           (looked.empty() ? "any folder ($ELBO_DATA is unset)" : looked) +
                           "; fetch them with ./book data " + name);
}

Dataset load_folder(const std::string& name) {
  std::error_code error;
  if (!fs::is_directory(name, error)) {
    throw std::runtime_error("--data " + name +
                             ": wanted digits, mnist, binarized-mnist or a folder of IDX files, "
                             "found no such folder; check the path");
  }
  for (const FileNames* files : {&mnist, &binarized}) {
    if (holds(name, *files)) return read_folder(name, name, *files);
  }
  throw std::runtime_error("--data " + name + ": wanted " + mnist.train + "[.gz] and " +
                           mnist.test + "[.gz] in it, found no such pair; check the folder");
}

Dataset draw(DataLimits limits, int threads) {
  constexpr std::uint64_t seed = 28;  // one edition for all readers, whatever --seed is
  Dataset data;
  data.name = "digits";
  const auto part = [&](Index count, Stream stream) {
    return draw_digits(count, Random(seed, stream), threads);
  };
  data.train = part(std::min<Index>(limits.train, 60000), Stream::digits_train);
  data.test = part(std::min<Index>(limits.test, 10000), Stream::digits_test);
  data.sha256 = sha256_of(data);
  return data;
}

}  // namespace

Images Images::first(Index n) const {
  const Index take = std::min(n, count);
  Images part{take, rows, cols, {}, {}};
  part.pixels.assign(pixels.begin(), pixels.begin() + take * dimension());
  if (!labels.empty()) part.labels.assign(labels.begin(), labels.begin() + take);
  return part;
}

Dataset load_digits(const std::string& name, DataLimits limits, int threads) {
  Dataset data;
  if (name == "digits") {
    data = draw(limits, threads);
  } else if (name == "mnist") {
    data = load_named(name, mnist);
  } else if (name == "binarized-mnist") {
    data = load_named(name, binarized);
  } else {
    data = load_folder(name);
  }
  if (data.train.count > limits.train || data.test.count > limits.test) {
    data.train = data.train.first(limits.train);
    data.test = data.test.first(limits.test);
    data.sha256 = sha256_of(data);
  }
  data.binary = all_in(data, 0, 255);
  return data;
}

}  // namespace elbo
