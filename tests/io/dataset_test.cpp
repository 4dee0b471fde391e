// Data sets: where they are looked for, what may be missing, and the hash that names their bytes.
#include "elbo/dataset.hpp"

#include "scratch.hpp"

using namespace elbo;

namespace {

const ByteVector grey = {0, 1, 2, 3, 100, 255};
const char* const mnist_train = "train-images-idx3-ubyte";
const char* const mnist_test = "t10k-images-idx3-ubyte";

// A set of two training pictures and one test picture, 3 x 1 each.
void write_set(const std::filesystem::path& folder, const ByteVector& train = grey,
               const std::string& prefix = "", const std::string& ending = "",
               const ByteVector& test_pixels = {9, 8, 7}) {
  const auto write = ending.empty() ? write_bytes : write_gzip;
  const std::string test = prefix.empty() ? "t10k" : "binarized-test";
  write(folder / (prefix + mnist_train + ending), idx_images(2, 3, 1, train));
  write(folder / (test + "-images-idx3-ubyte" + ending), idx_images(1, 3, 1, test_pixels));
}

// No data set of this machine's: each variable given or unset.
struct Nowhere {
  explicit Nowhere(const Scratch& scratch) : home("HOME", (scratch / "home").string()) {}
  Environment data{"ELBO_DATA", {}}, cache{"XDG_CACHE_HOME", {}}, home;
};

}  // namespace

TEST_CASE("a folder of IDX files, plain or gzip, with or without labels", "[dataset]") {
  const Scratch scratch;
  write_set(scratch / "plain");
  write_set(scratch / "packed", grey, "", ".gz");
  for (const char* name : {"plain", "packed"}) {
    const std::string folder = (scratch / name).string();
    const Dataset data = load_digits(folder);
    CHECK(data.name == folder);
    CHECK((data.train.count == 2 && data.train.rows == 3 && data.train.cols == 1));
    CHECK(data.train.pixels == grey);
    CHECK(data.test.pixels == ByteVector{9, 8, 7});
    CHECK((data.train.labels.empty() && data.test.labels.empty()));
  }
  CHECK(load_digits((scratch / "plain").string()).sha256 ==
        load_digits((scratch / "packed").string()).sha256);

  write_bytes(scratch / "plain/train-labels-idx1-ubyte", idx_labels({4, 2}));
  CHECK(load_digits((scratch / "plain").string()).train.labels == ByteVector{4, 2});
  CHECK(load_digits((scratch / "plain").string()).test.labels.empty());
  write_gzip(scratch / "plain/t10k-labels-idx1-ubyte.gz", idx_labels({3}));
  CHECK(load_digits((scratch / "plain").string()).test.labels == ByteVector{3});
}

TEST_CASE("a folder of the binarised set under its own names", "[dataset]") {
  const Scratch scratch;
  write_set(scratch / "binary", {0, 1, 1, 0, 0, 1}, "binarized-", ".gz", {1, 0, 1});
  const Dataset data = load_digits((scratch / "binary").string());
  // Shuffled: two pictures have two orders.
  CHECK((data.train.pixels == ByteVector{0, 255, 255, 0, 0, 255} ||
         data.train.pixels == ByteVector{0, 0, 255, 0, 255, 255}));
  CHECK(data.test.pixels == ByteVector{255, 0, 255});
  CHECK(data.binary);
}

TEST_CASE("the binarised set is shuffled, for it comes sorted", "[dataset]") {
  // 300 pictures of three pixels, black in the first half and white in the second.
  const Scratch scratch;
  ByteVector sorted;
  for (int i = 0; i < 300; ++i) sorted.insert(sorted.end(), 3, i < 150 ? 0 : 1);
  std::filesystem::create_directories(scratch / "binary");
  for (const char* part : {"train", "test", "valid"}) {
    write_bytes(scratch / "binary" / ("binarized-" + std::string(part) + "-images-idx3-ubyte"),
                idx_images(300, 3, 1, sorted));
  }
  const Dataset data = load_digits((scratch / "binary").string());
  for (const Images* images : {&data.train, &data.test, &data.valid}) {
    int white = 0, white_first = 0;
    for (std::size_t i = 0; i < 900; i += 3) {
      CHECK((images->pixels[i] == images->pixels[i + 1] &&
             images->pixels[i] == images->pixels[i + 2]));
      white += images->pixels[i] == 255;
      white_first += i < 300 && images->pixels[i] == 255;
    }
    CHECK(white == 150);                            // none lost, none twice
    CHECK((white_first > 30 && white_first < 70));  // of 100: 50, and 4 standard deviations of 4.1
  }
  CHECK(data.train.pixels != data.test.pixels);  // each part in an order of its own
  CHECK(load_digits((scratch / "binary").string()).train.pixels == data.train.pixels);
  CHECK(load_digits((scratch / "binary").string(), {100, 100}).train.pixels ==
        ByteVector(data.train.pixels.begin(), data.train.pixels.begin() + 300));
  CHECK(load_digits((scratch / "binary").string(), {100, 100}).sha256 != data.sha256);
}

TEST_CASE("pixels that are all 0 or 1 are stretched, grey ones are not", "[dataset]") {
  const Scratch scratch;
  write_set(scratch / "set", {0, 1, 1, 0, 0, 1});  // the test picture is grey: so is the set
  CHECK(load_digits((scratch / "set").string()).train.pixels == ByteVector{0, 1, 1, 0, 0, 1});
  CHECK_FALSE(load_digits((scratch / "set").string()).binary);
  write_set(scratch / "set", {0, 255, 255, 0, 0, 255}, "", "", {255, 0, 0});
  CHECK(load_digits((scratch / "set").string()).binary);
  write_set(scratch / "set", {0, 1, 1, 0, 0, 1}, "", "", {1, 1, 0});
  CHECK(load_digits((scratch / "set").string()).train.pixels == ByteVector{0, 255, 255, 0, 0, 255});
  write_set(scratch / "set", {0, 1, 1, 0, 0, 2});
  CHECK(load_digits((scratch / "set").string()).train.pixels == ByteVector{0, 1, 1, 0, 0, 2});
  write_set(scratch / "set", {0, 0, 0, 0, 0, 0});
  CHECK(load_digits((scratch / "set").string()).train.pixels == ByteVector(6, 0));
}

TEST_CASE("what is wrong with a folder is said in one line", "[dataset]") {
  const Scratch scratch;
  const auto refused = [](const std::filesystem::path& folder) {
    return message([&] { load_digits(folder.string()); });
  };
  check_message(refused(scratch / "nowhere"),
                {"--data " + (scratch / "nowhere").string(), "wanted", "digits, mnist", "found"});
  check_message(message([] { load_digits("mnits"); }), {"--data mnits", "wanted", "found"});
  check_message(message([] { load_digits(""); }), {"--data", "wanted", "found"});

  std::filesystem::create_directory(scratch / "empty");
  check_message(refused(scratch / "empty"),
                {(scratch / "empty").string(), "wanted", mnist_train, mnist_test, "found"});
  write_bytes(scratch / "file", {1, 2, 3});
  check_message(refused(scratch / "file"), {(scratch / "file").string(), "wanted", "found"});

  // Half a set is none.
  write_set(scratch / "half");
  std::filesystem::remove(scratch / "half" / mnist_test);
  check_message(refused(scratch / "half"), {(scratch / "half").string(), mnist_test});

  write_set(scratch / "labels");
  write_bytes(scratch / "labels/train-labels-idx1-ubyte", idx_labels({4, 2, 1}));
  check_message(refused(scratch / "labels"),
                {"train-labels-idx1-ubyte", "wanted 2 labels", "found 3"});
  write_bytes(scratch / "labels/train-labels-idx1-ubyte", idx_labels({4}));
  check_message(refused(scratch / "labels"), {"wanted 2 labels", "found 1"});

  write_set(scratch / "sizes");
  write_bytes(scratch / "sizes" / mnist_test, idx_images(1, 1, 3, {9, 8, 7}));
  check_message(refused(scratch / "sizes"), {(scratch / "sizes").string(), "differ in size"});

  write_set(scratch / "wrong");
  write_bytes(scratch / "wrong" / mnist_train, idx_labels({4}));
  check_message(refused(scratch / "wrong"), {mnist_train, "0x803", "0x801"});
}

TEST_CASE("named sets: $ELBO_DATA, its folders, then the cache", "[dataset]") {
  const Scratch scratch;
  const Nowhere nowhere(scratch);
  // Each place holds another first pixel, so that the one that was read can be told.
  const auto put = [&](const std::string& folder, std::uint8_t first) {
    write_set(scratch / folder, {first, 0, 0, 0, 0, 200});
  };
  const auto first_pixel = [](const char* name) {
    return static_cast<int>(load_digits(name).train.pixels.at(0));
  };

  put("home/.cache/elbo/mnist", 1);
  CHECK(first_pixel("mnist") == 1);
  CHECK(load_digits("mnist").name == "mnist");

  const Environment cache("XDG_CACHE_HOME", (scratch / "cache").string());
  CHECK_THROWS(first_pixel("mnist"));  // a cache of one's own replaces that in HOME
  put("cache/elbo/mnist", 2);
  CHECK(first_pixel("mnist") == 2);

  const Environment data("ELBO_DATA", (scratch / "data").string());
  CHECK(first_pixel("mnist") == 2);  // nothing there: the cache still serves
  put("data", 3);
  CHECK(first_pixel("mnist") == 3);
  put("data/mnist", 4);
  CHECK(first_pixel("mnist") == 4);

  const Environment unset("ELBO_DATA", "");
  CHECK(first_pixel("mnist") == 2);
}

TEST_CASE("the binarised set by name", "[dataset]") {
  const Scratch scratch;
  const Nowhere nowhere(scratch);
  const Environment data("ELBO_DATA", (scratch / "data").string());
  const auto put = [&](const std::string& folder, std::uint8_t first) {
    write_set(scratch / folder, {first, 0, 0, first, 0, 200}, "binarized-");
  };
  write_set(scratch / "data");  // MNIST is not the binarised set
  CHECK_THROWS(load_digits("binarized-mnist"));
  put("data", 5);
  CHECK(load_digits("binarized-mnist").train.pixels.at(0) == 5);
  CHECK(load_digits("mnist").train.pixels.at(0) == 0);
  put("data/mnist", 6);
  CHECK(load_digits("binarized-mnist").train.pixels.at(0) == 6);
  put("data/binarized-mnist", 7);
  CHECK(load_digits("binarized-mnist").train.pixels.at(0) == 7);
  CHECK(load_digits("binarized-mnist").name == "binarized-mnist");
}

TEST_CASE("a named set that is nowhere: where it was looked for, and how to get it", "[dataset]") {
  const Scratch scratch;
  const Nowhere nowhere(scratch);
  check_message(message([] { load_digits("mnist"); }),
                {"--data mnist", "wanted", mnist_train, "found",
                 (scratch / "home/.cache/elbo/mnist").string(), "./book data mnist"});
  const Environment cache("XDG_CACHE_HOME", (scratch / "cache").string());
  const Environment data("ELBO_DATA", (scratch / "data").string());
  check_message(message([] { load_digits("binarized-mnist"); }),
                {"--data binarized-mnist", (scratch / "cache/elbo/binarized-mnist").string(),
                 (scratch / "data").string(), "./book data binarized-mnist"});
  const Environment no_cache("XDG_CACHE_HOME", {}), no_home("HOME", {}), no_data("ELBO_DATA", {});
  check_message(message([] { load_digits("mnist"); }), {"ELBO_DATA is unset"});
}

TEST_CASE("the hash is SHA-256 of training pixels and labels, then of the test's", "[dataset]") {
  const Scratch scratch;
  // The pixels are a, b and c: FIPS 180-2's first example, SHA-256("abc").
  write_bytes(scratch / "abc" / mnist_train, idx_images(2, 1, 1, {'a', 'b'}));
  write_bytes(scratch / "abc" / mnist_test, idx_images(1, 1, 1, {'c'}));
  const auto hash = [&] { return load_digits((scratch / "abc").string()).sha256; };
  CHECK(hash() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hash() == hash());

  // python3 -c "import hashlib; print(hashlib.sha256(b'ab\x03\x04c\x05').hexdigest())"
  write_bytes(scratch / "abc/train-labels-idx1-ubyte", idx_labels({3, 4}));
  write_bytes(scratch / "abc/t10k-labels-idx1-ubyte", idx_labels({5}));
  CHECK(hash() == "8623e356b254153638b754171db5fea7b042137027ee7cdd6cd34786fc808956");
}

TEST_CASE("the embedded digits: counts, threads, and one edition for everyone", "[dataset]") {
  const Dataset few = load_digits("digits", {.train = 300, .test = 20}, 1);
  CHECK(few.name == "digits");
  CHECK((few.train.count == 300 && few.test.count == 20));
  CHECK((few.train.labels.size() == 300 && few.test.labels.size() == 20));
  CHECK(load_digits("digits", {.train = 300, .test = 20}, 3).sha256 == few.sha256);
  CHECK(load_digits("digits", {.train = 301, .test = 20}, 1).sha256 != few.sha256);

  // The test set is not the beginning of the training set.
  CHECK(!std::equal(few.test.pixels.begin(), few.test.pixels.end(), few.train.pixels.begin()));

  // The edition that the book's printed numbers belong to, of MNIST's sizes.
  const Dataset all = load_digits("digits");
  CHECK((all.train.count == 60000 && all.test.count == 10000));
  CHECK(all.train.first(300).pixels == few.train.pixels);
  CHECK(all.sha256 == "4b59173d7af2d5712273dc2007ca6bcf4a986ab5fde850a6525d52ccf593a8f2");
}

TEST_CASE("limits take the first pictures, and the hash is of what was taken", "[dataset]") {
  const Scratch scratch;
  write_set(scratch / "set");
  const std::string folder = (scratch / "set").string();
  const Dataset all = load_digits(folder), part = load_digits(folder, {1, 5});
  CHECK((part.train.count == 1 && part.test.count == 1));
  CHECK(part.train.pixels == ByteVector{0, 1, 2});
  CHECK(part.sha256 != all.sha256);
  CHECK(load_digits("digits", {20, 10}).train.count == 20);
}
