// The IDX reader: what it reads, and that no file makes it crash, wait, or ask for memory.
#include "elbo/idx.hpp"

#include <sys/resource.h>

#include <chrono>

#include "elbo/idx_format.hpp"
#include "scratch.hpp"

using namespace elbo;

namespace {

const ByteVector six = {0, 1, 2, 127, 254, 255};

// The most memory this process ever had, in KiB.
long peak() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// Reads a file that must be refused, at once and without memory for what its header claims.
void refuse_images(const std::filesystem::path& path, const std::vector<std::string>& found) {
  const long before = peak();
  const auto start = std::chrono::steady_clock::now();
  const std::string said = message([&] { read_idx_images(path); });
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  check_message(said, {path.string(), "wanted", "found"});
  check_message(said, found);
  CHECK(seconds.count() < 2.0);        // a sanitizer's share included; 1 ms without
  CHECK(peak() - before < 64 * 1024);  // a chunk is 1 MiB; the claims are GiBs
}

void refuse_images(const Scratch& scratch, const ByteVector& bytes,
                   const std::vector<std::string>& found) {
  write_bytes(scratch / "images", bytes);
  refuse_images(scratch / "images", found);
  write_gzip(scratch / "images.gz", bytes);
  refuse_images(scratch / "images.gz", found);
}

void refuse_labels(const Scratch& scratch, const ByteVector& bytes,
                   const std::vector<std::string>& found) {
  const std::filesystem::path path = scratch / "labels";
  write_bytes(path, bytes);
  const std::string said = message([&] { read_idx_labels(path); });
  check_message(said, {path.string(), "wanted", "found"});
  check_message(said, found);
}

}  // namespace

TEST_CASE("IDX pictures come back as written, plain and gzip", "[idx]") {
  const Scratch scratch;
  const ByteVector file = idx_images(2, 3, 1, six);
  write_bytes(scratch / "images", file);
  write_gzip(scratch / "images.gz", file);
  for (const char* name : {"images", "images.gz"}) {
    const Images images = read_idx_images(scratch / name);
    CHECK((images.count == 2 && images.rows == 3 && images.cols == 1));
    CHECK(images.dimension() == 3);
    CHECK(images.pixels == six);
    CHECK(images.labels.empty());
  }
}

TEST_CASE("IDX labels come back as written, plain and gzip", "[idx]") {
  const Scratch scratch;
  const ByteVector labels = {0, 9, 5, 5};
  write_bytes(scratch / "labels", idx_labels(labels));
  write_gzip(scratch / "labels.gz", idx_labels(labels));
  CHECK(read_idx_labels(scratch / "labels") == labels);
  CHECK(read_idx_labels(scratch / "labels.gz") == labels);
}

TEST_CASE("IDX pictures and labels out of memory, as a page hands them in", "[idx]") {
  const ByteVector file = idx_images(2, 3, 1, six), labels = idx_labels({7, 0});
  CHECK(parse_idx_images(ByteSource::from("it", file)).pixels == six);
  CHECK(parse_idx_labels(ByteSource::from("it", labels)) == ByteVector{7, 0});
  const std::span<const std::uint8_t> part = std::span(file).first(20);
  CHECK(message([&] { parse_idx_images(ByteSource::from("it", part)); }) ==
        "it: wanted 6 bytes after the header, found 4 (truncated)");
  CHECK(message([&] { parse_idx_images(ByteSource::from("it", {})); }) ==
        "it: wanted 4 bytes of magic number, found 0");
}

TEST_CASE("IDX files larger than what is read at a time", "[idx]") {
  const Scratch scratch;
  ByteVector pixels(3 * 1000 * 1001);  // 3 MB: three chunks, the last one in part
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i * i >> 5);
  write_bytes(scratch / "images", idx_images(3, 1000, 1001, pixels));
  write_gzip(scratch / "images.gz", idx_images(3, 1000, 1001, pixels));
  CHECK(read_idx_images(scratch / "images").pixels == pixels);
  CHECK(read_idx_images(scratch / "images.gz").pixels == pixels);

  // Exactly one chunk: there is no next one, and none is missed.
  pixels.resize(1024 * 1024);
  write_bytes(scratch / "images", idx_images(1, 1024, 1024, pixels));
  CHECK(read_idx_images(scratch / "images").pixels == pixels);
}

TEST_CASE("IDX files that are not there, or not files", "[idx]") {
  const Scratch scratch;
  refuse_images(scratch / "nowhere", {"No such file"});
  refuse_images(scratch / "no/where.gz", {"No such file"});
  refuse_images(scratch.folder, {"wanted a file", "a folder"});
  check_message(message([&] { read_idx_labels(scratch / "nowhere"); }),
                {(scratch / "nowhere").string(), "wanted", "found"});

  write_bytes(scratch / "closed", idx_images(2, 3, 1, six));
  std::filesystem::permissions(scratch.folder, std::filesystem::perms(0755));
  std::filesystem::permissions(scratch / "closed", std::filesystem::perms::none);
  const Unprivileged nobody;
  refuse_images(scratch / "closed", {"Permission denied"});
}

TEST_CASE("IDX files that end too early or too late", "[idx]") {
  const Scratch scratch;
  const ByteVector whole = idx_images(2, 3, 1, six);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const ByteVector part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    INFO("the first " << size << " bytes");
    const std::string found = size < 16 ? "found " + std::to_string(size % 4)
                                        : "found " + std::to_string(size - 16) + " (truncated)";
    refuse_images(scratch, part, {found});
  }
  ByteVector longer = whole;
  longer.push_back(0);
  refuse_images(scratch, longer, {"wanted 6 bytes after the header, found more"});
  longer.resize(5000000);
  refuse_images(scratch, longer, {"found more"});

  const ByteVector labels = idx_labels({1, 2, 3});
  refuse_labels(scratch, {labels.begin(), labels.begin() + 6}, {"label count", "found 2"});
  refuse_labels(scratch, {labels.begin(), labels.begin() + 10}, {"3 bytes", "2 (truncated)"});
  ByteVector more = labels;
  more.push_back(4);
  refuse_labels(scratch, more, {"3 bytes", "found more"});
}

TEST_CASE("IDX files of another kind", "[idx]") {
  const Scratch scratch;
  refuse_images(scratch, idx_labels(six), {"0x803", "0x801"});
  refuse_labels(scratch, idx_images(2, 3, 1, six), {"0x801", "0x803"});
  refuse_images(scratch, idx(0xd03, {1, 1, 1}, {1, 2, 3, 4}), {"0xd03"});  // floats
  refuse_images(scratch, {'P', 'K', 3, 4, 20, 0, 0, 0}, {"0x504b0304"});   // a ZIP file
  refuse_images(scratch, {3, 8, 0, 0, 1, 0, 0, 0}, {"0x3080000"});         // little-endian
}

TEST_CASE("IDX headers that claim the absurd are refused without memory or time", "[idx]") {
  const Scratch scratch;
  const std::uint32_t all = 0xffffffff;
  refuse_images(scratch, idx_images(all, all, all, {}), {"4294967295"});
  refuse_images(scratch, idx_images(all, 28, 28, six), {"4294967295 images of 28 x 28"});
  refuse_images(scratch, idx_images(1, all, 1, six), {"sides up to 4096"});
  refuse_images(scratch, idx_images(1, 1, 4097, six), {"1 x 4097"});
  refuse_images(scratch, idx_images(0x10000, 0x10000, 1, six), {"65536"});
  refuse_images(scratch, idx_images(0x100000, 0x1000, 1, six), {"1048576"});
  // 2^32 times 2^32 would be 0 in 64 bits; 2^31 x 2 in 32.
  refuse_images(scratch, idx_images(0x80000000, 2, 1, {}), {"2147483648"});
  // Within all limits, and not backed by the 20 bytes that are there.
  refuse_images(scratch, idx_images(2000000000, 1, 1, {1, 2, 3, 4}), {"found 4 (truncated)"});
  refuse_images(scratch, idx_images(2551020, 28, 28, {1, 2, 3, 4}), {"found 4 (truncated)"});
  refuse_labels(scratch, idx(0x801, {all}, {1}), {"4294967295"});
  refuse_labels(scratch, idx(0x801, {2000000000}, {1}), {"found 1 (truncated)"});
}

TEST_CASE("IDX files without a single picture or pixel", "[idx]") {
  const Scratch scratch;
  refuse_images(scratch, idx_images(0, 28, 28, {}), {"0 images of 28 x 28"});
  refuse_images(scratch, idx_images(5, 0, 28, {}), {"5 images of 0 x 28"});
  refuse_images(scratch, idx_images(5, 28, 0, {}), {"5 images of 28 x 0"});
  refuse_labels(scratch, idx_labels({}), {"found 0"});
}

TEST_CASE("IDX labels beyond 9", "[idx]") {
  const Scratch scratch;
  refuse_labels(scratch, idx_labels({1, 10, 2}), {"labels 0 to 9, found 10"});
  refuse_labels(scratch, idx_labels({255}), {"found 255"});
}

TEST_CASE("gzip files that are none, end early or lie", "[idx]") {
  const Scratch scratch;
  const std::filesystem::path path = scratch / "images.gz";
  const ByteVector file = idx_images(2, 3, 1, six);

  write_bytes(path, file);
  refuse_images(path, {"wanted a gzip file"});
  write_bytes(path, {});
  refuse_images(path, {});

  // Cut anywhere: in the gzip header, in the data, in the checksum at the end.
  write_gzip(path, file);
  const std::string whole = text_of(path);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO("the first " << size << " of " << whole.size() << " bytes");
    write_bytes(path, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    refuse_images(path, {});
  }
  // One bit wrong: in the data, in the checksum, in the length.
  for (const std::size_t from_end : {12, 10, 8, 5, 4, 1}) {
    INFO("byte " << from_end << " from the end");
    ByteVector wrong(whole.begin(), whole.end());
    wrong[wrong.size() - from_end] ^= 4;
    write_bytes(path, wrong);
    refuse_images(path, {});
  }
}

TEST_CASE("a gzip file that swells is left as soon as it is too long", "[idx]") {
  const Scratch scratch;
  ByteVector bomb = idx_images(1, 2, 2, ByteVector(200 << 20));
  write_gzip(scratch / "bomb.gz", bomb);  // 200 KB
  bomb = {};
  refuse_images(scratch / "bomb.gz", {"wanted 4 bytes after the header, found more"});
}
