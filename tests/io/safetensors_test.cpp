// The safetensors files: what is written comes back, in the order Python expects, and no file that
// is not one is believed.
#include "elbo/safetensors.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "scratch.hpp"

using namespace elbo;

namespace {

std::vector<bool> synced;  // what this program gave to fsync: true for a folder

// A file by hand: the length, the header, the data.
std::string file_of(const std::string& header, const std::string& data = "") {
  std::string bytes;
  for (std::size_t i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return bytes + header + data;
}

// The header of one tensor called "a".
std::string one(const std::string& type, const std::string& shape, const std::string& offsets) {
  return R"({"a":{"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets +
         "}}";
}

void check_refused(const std::string& bytes, const std::string& wanted, const std::string& found) {
  INFO("the header: " << bytes.substr(std::min<std::size_t>(8, bytes.size()), 200));
  const std::string said = message([&] { from_safetensors(bytes, "w.safetensors"); });
  check_message(said, {"w.safetensors: wanted " + wanted + ", found " + found + "; write"});
}

TensorFile example() {
  Matrix<double> weight(2, 3);
  weight << 1, 2, 3, 4, 5, 6;
  const Vector<float> bias = Vector<float>::LinSpaced(3, -1, 1);
  return {{to_tensor("weight", weight), to_tensor("bias", bias),
           to_tensor("state", std::vector<std::uint64_t>{~std::uint64_t{0}, 7}),
           to_tensor("steps", std::vector<std::int64_t>{-5}),
           to_tensor("bytes", std::vector<std::uint8_t>{0, 255, 10})},
          {{"made by", "a test"}, {"\"\n", "\xc3\xa4"}},
          {}};
}

}  // namespace

// In place of the C library's, for this whole program.
extern "C" int fsync(int file) {
  struct stat status {};
  fstat(file, &status);
  synced.push_back(S_ISDIR(status.st_mode));
  return static_cast<int>(syscall(SYS_fsync, file));
}

TEST_CASE("tensors come back as written", "[safetensors]") {
  const Scratch scratch;
  const TensorFile file = example();
  save_safetensors(scratch / "w.safetensors", file);
  const TensorFile back = load_safetensors(scratch / "w.safetensors");
  CHECK(back.tensors == file.tensors);
  CHECK(back.metadata == file.metadata);
  CHECK(back.source == (scratch / "w.safetensors").string());
  CHECK(to_safetensors(back) == to_safetensors(file));

  Matrix<double> weight(2, 3);
  weight << 1, 2, 3, 4, 5, 6;
  CHECK(to_matrix<double>(back.tensors.at(0)) == weight);
  CHECK(to_values<double>(back.tensors.at(0)) == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(to_matrix<float>(back.tensors.at(1)) == Vector<float>::LinSpaced(3, -1, 1));
  CHECK(to_values<std::uint64_t>(back.tensors.at(2)).at(0) == ~std::uint64_t{0});
  CHECK(to_values<std::int64_t>(back.tensors.at(3)) == std::vector<std::int64_t>{-5});
  CHECK(to_values<std::uint8_t>(back.tensors.at(4)) == std::vector<std::uint8_t>{0, 255, 10});
}

TEST_CASE("a matrix is written row by row, under both its dimensions", "[safetensors]") {
  Matrix<float> m(2, 3);
  m << 1, 2, 3, 4, 5, 6;
  const Tensor whole = to_tensor("m", m);
  CHECK(whole.shape == TensorShape{2, 3});
  CHECK(to_values<float>(whole) == std::vector<float>{1, 2, 3, 4, 5, 6});
  CHECK(to_tensor("m", m.transpose()).shape == TensorShape{3, 2});
  CHECK(to_values<float>(to_tensor("m", m.transpose())) == std::vector<float>{1, 4, 2, 5, 3, 6});
  CHECK(to_tensor("m", m.col(1)).shape == TensorShape{2});
  CHECK(to_tensor("m", m.row(1)).shape == TensorShape{3});
  CHECK(to_tensor("m", m.leftCols(1)).shape == TensorShape{2, 1});
  const Eigen::Map<const Matrix<float>> map(m.data(), 3, 2);
  CHECK(to_matrix<float>(to_tensor("m", map)) == map);
}

TEST_CASE("a file byte for byte", "[safetensors]") {
  const TensorFile file{{to_tensor("a", std::vector<float>{1.5F})}, {{"k", "v"}}, {}};
  const std::string header = R"({"__metadata__":{"k":"v"},)" + one("F32", "[1]", "[0,4]").substr(1);
  const std::string padding(8 - header.size() % 8, ' ');
  CHECK(to_safetensors(file) == file_of(header + padding, {"\0\0\xc0\x3f", 4}));
  CHECK(to_safetensors({}) == file_of("{}      "));
}

TEST_CASE("files of others: any order of names, scalars, empty arrays", "[safetensors]") {
  const std::string header =
      R"({"b":{"data_offsets":[8,12],"shape":[],"dtype":"F32"},)"
      R"("none":{"dtype":"F64","shape":[3,0],"data_offsets":[8,8]},)"
      R"("a":{"dtype":"U64","shape":[1,1,1],"data_offsets":[0,8]},"__metadata__":{}} )";
  const TensorFile file = from_safetensors(file_of(header, std::string(12, '\1')), "w");
  REQUIRE(file.tensors.size() == 3);
  CHECK((file.tensors[0].name == "a" && file.tensors[1].name == "none"));
  CHECK(to_matrix<float>(file.tensors[2]).size() == 1);
  CHECK(to_matrix<double>(file.tensors[1]).rows() == 3);
  CHECK(to_values<std::uint64_t>(*file.find("a")).at(0) == 0x0101010101010101);
  CHECK(file.find("c") == nullptr);
  const std::int64_t many = std::int64_t{1} << 60;
  for (const TensorShape& shape : {TensorShape{many, 0}, TensorShape{0, many}}) {  // at once
    const Tensor none{"none", ElementType::f32, shape, ""};
    CHECK(to_tensor("none", to_matrix<float>(none)) == none);
  }
  CHECK(from_safetensors(file_of("{}"), "w").tensors.empty());
}

TEST_CASE("a tensor is asked for with what it should be", "[safetensors]") {
  const TensorFile file = from_safetensors(to_safetensors(example()), "w.safetensors");
  CHECK(file.get("weight", ElementType::f64, {2, 3}).name == "weight");
  const auto refused = [&](const std::string& name, ElementType type, const TensorShape& shape) {
    return message([&] { file.get(name, type, shape); });
  };
  check_message(refused("weight", ElementType::f32, {2, 3}),
                {R"(w.safetensors: wanted tensor "weight" of F32 [2, 3], found F64 [2, 3]; )"});
  check_message(refused("weight", ElementType::f64, {3, 2}), {"F64 [3, 2], found F64 [2, 3]"});
  check_message(refused("we\night", ElementType::u8, {}),
                {R"("we\night" of U8 [], found none of)"});
}

TEST_CASE("safetensors that end too early or too late", "[safetensors]") {
  const std::string whole = to_safetensors(example());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO("the first " << size << " bytes");
    check_message(message([&] { from_safetensors(std::string_view(whole).substr(0, size), "w"); }),
                  {"w: wanted ", ", found "});
  }
  check_refused("", "8 bytes that say how long the header is", "0");
  check_refused("1234567", "8 bytes that say how long the header is", "7");
  const std::string header = one("F32", "[2]", "[0,8]");
  check_refused(file_of(header, "1234567"), "8 bytes after the header", "7 (truncated)");
  check_refused(file_of(header, "123456789"), "8 bytes after the header", "9");
  check_refused(file_of("{}", "1"), "0 bytes after the header", "1");
  check_refused(std::string("\3\0\0\0\0\0\0\0{}", 10), "3 bytes of header, as the first 8 say",
                "2");
}

TEST_CASE("safetensors that are files of another kind", "[safetensors]") {
  const Scratch scratch;
  const auto refused = [&](const std::string& name) {
    return message([&] { load_safetensors(scratch / name); });
  };
  const auto put = [&](const std::string& bytes) {
    write_bytes(scratch / "w", {bytes.begin(), bytes.end()});
    return refused("w");
  };
  write_gzip(scratch / "gzip", {1, 2, 3});
  check_message(refused("gzip"), {(scratch / "gzip").string() + ": wanted", "(a gzip file?)"});
  check_message(put("\x89PNG\r\n\x1a\n...."), {"found 4 (a PNG picture?)"});
  check_message(put("PK\3\4........"), {"(a ZIP file, as torch.save writes?)"});
  check_message(put("\x93NUMPY\1...."), {"(a file of numpy.save?)"});
  check_message(put("{\"chapter\": \"05_vae\"}"),
                {"bytes of header, as the first 8 say, found 13;"});
  check_message(put(""), {"wanted 8 bytes", "found 0"});
  check_message(refused("nowhere"), {"wanted a readable file, found No such file"});
  check_message(refused("."), {"wanted a file, found a folder"});
  check_message(message([] { load_safetensors("/dev/zero"); }), {"wanted a file", "a device"});
  std::filesystem::resize_file(scratch / "w", (std::uintmax_t{2} << 30) + 1);  // takes no space
  check_message(refused("w"), {"wanted at most 2 GiB, found 2147483649 bytes"});
  std::filesystem::permissions(scratch.folder, std::filesystem::perms(0755));
  std::filesystem::permissions(scratch / "w", std::filesystem::perms::none);
  const Unprivileged nobody;
  check_message(refused("w"), {"wanted a readable file, found Permission denied"});
}

TEST_CASE("safetensors headers that are no JSON object", "[safetensors]") {
  const std::string object = "a header that is a JSON object", in_json = "a header in JSON";
  for (const char* text : {"", "[]", "null", " {}", "\xef\xbb\xbf{}"}) {
    check_refused(file_of(text), object, "another text");
  }
  check_refused(file_of(std::string("{}\0 ", 4)), object, "another text");
  check_refused(file_of("{"), in_json, "a mistake at its byte 2");
  check_refused(file_of("{}{}"), in_json, "a mistake at its byte 3");
  check_refused(file_of("{'a':1}"), in_json, "a mistake at its byte 2");
  check_refused(file_of("{/**/}"), in_json, "a mistake at its byte 2");
  check_refused(file_of("{\"\xff\":1}"), in_json, "a mistake at its byte 3");
  check_refused(file_of("{\"a\":\"\\ud800\"}"), in_json, "a mistake at its byte 13");
  check_refused(file_of("{\"a\":1e999}"), in_json, "a number too large for any type");
  check_refused(file_of("{\"a\":" + std::string(100000, '[')), "a header of three levels",
                "a fourth");
  check_refused(file_of("{\"a\":{\"b\":{\"c\":{}}}}"), "a header of three levels", "a fourth");
  check_refused(file_of("{\"a\\n\":1,\"b\":2,\"a\\u000a\":1}"), "each name once in the header",
                R"("a\n" twice)");
  check_refused(file_of(R"({"a":{"dtype":"U8","dtype":"U8"}})"), "each name once in the header",
                R"("dtype" twice)");
  check_refused(std::string("\1\xe1\xf5\5\0\0\0\0", 8) + std::string(100000001, ' '),
                "a header of at most 100000000 bytes", "one of 100000001");
}

TEST_CASE("safetensors headers with wrong fields", "[safetensors]") {
  const std::string fields = R"(tensor "a" to have dtype, shape and data_offsets)";
  check_refused(file_of(R"({"a":1})"), fields, "1");
  check_refused(file_of(R"({"a":{}})"), fields, "{}");
  check_refused(file_of(R"({"a":["dtype","shape","data_offsets"]})"), fields,
                R"(["dtype","shape","data_offsets"])");
  check_refused(file_of(R"({"a":{"dtype":"U8","shape":[],"offsets":[0,1]}})", "1"), fields,
                R"({"dtype":"U8","offsets":[0,1],"shape":[]})");
  check_refused(file_of(R"({"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"x":0}})", "1"),
                fields, R"({"data_offsets":[0,1],"dtype":"U8","shape":[],"x":0})");
  check_refused(file_of(R"({"a":"\u00e4)" + std::string(99, 'x') + "\"}"), fields,
                R"("\u00e4)" + std::string(70, 'x') + "...");

  const std::string dtype = R"(tensor "a" to have dtype F32, F64, I64, U64 or U8)";
  check_refused(file_of(one("BF16", "[1]", "[0,2]"), "12"), dtype, R"("BF16")");
  check_refused(file_of(one("f32", "[1]", "[0,4]"), "1234"), dtype, R"("f32")");
  check_refused(file_of(R"({"a":{"dtype":1,"shape":[],"data_offsets":[0,4]}})", "1234"), dtype,
                "1");

  const std::string words = "__metadata__ to be an object of strings";
  check_refused(file_of(R"({"__metadata__":[]})"), words, "[]");
  check_refused(file_of(R"({"__metadata__":{"a":1}})"), words, R"({"a":1})");
}

TEST_CASE("safetensors shapes and places that cannot be", "[safetensors]") {
  const std::string shape = R"(shape of tensor "a" to be a list of whole numbers)";
  for (const char* wrong :
       {"3", "[-1]", "[1.0]", "[\"1\"]", "[null]", "{}", "[9223372036854775808]", "[true]"}) {
    check_refused(file_of(one("U8", wrong, "[0,1]"), "1"), shape, wrong);
  }
  const std::string offsets = R"(data_offsets of tensor "a" to be )";
  check_refused(file_of(one("U8", "[1]", "[-1,0]"), "1"), offsets + "a list of whole numbers",
                "[-1,0]");
  for (const char* wrong : {"[]", "[0]", "[0,1,2]", "[1,0]"}) {
    check_refused(file_of(one("U8", "[1]", wrong), "1"), offsets + "[begin, end]", wrong);
  }
  check_refused(file_of(one("F32", "[2,3]", "[0,20]"), std::string(20, 0)),
                R"(24 bytes for tensor "a" of F32 [2, 3])", "place for 20");
  // The product is 2^64, which 64 bits take for 0; and 2^63 elements of 8 bytes.
  check_refused(file_of(one("U8", "[4294967296,4294967296]", "[0,0]")),
                R"(2^64 or more bytes for tensor "a" of U8 [4294967296, 4294967296])",
                "place for 0");
  check_refused(file_of(one("F64", "[2305843009213693952]", "[0,0]")),
                R"(2^64 or more bytes for tensor "a" of F64 [2305843009213693952])", "place for 0");
  check_refused(file_of(one("U8", "[4,4,4,4,4,4,4,4,4]", "[0,4]"), "1234"),
                R"(262144 bytes for tensor "a" of U8 [4, 4, 4, 4, 4, 4, 4, 4, ...])",
                "place for 4");
  // More than is there, and no memory is taken for it.
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  check_refused(file_of(one("U8", "[8000000000]", "[0,8000000000]"), "1234"),
                "8000000000 bytes after the header", "4 (truncated)");
  getrusage(RUSAGE_SELF, &after);
  CHECK(after.ru_maxrss - before.ru_maxrss < 64 * 1024);
}

TEST_CASE("safetensors that overlap or leave a hole", "[safetensors]") {
  const auto two = [](const std::string& first, const std::string& second) {
    return file_of(R"({"b":{"dtype":"U8","shape":[4],"data_offsets":)" + first +
                       R"(},"a":{"dtype":"U8","shape":[4],"data_offsets":)" + second + "}}",
                   std::string(8, '\1'));
  };
  CHECK(from_safetensors(two("[0,4]", "[4,8]"), "w").tensors.at(0).name == "b");
  CHECK(from_safetensors(two("[4,8]", "[0,4]"), "w").tensors.at(0).name == "a");
  const std::string where = " of the data, where the one before it ends";
  check_refused(two("[0,4]", "[3,7]"), R"(tensor "a" at byte 4)" + where, "it at 3");
  check_refused(two("[0,4]", "[0,4]"), R"(tensor "b" at byte 4)" + where, "it at 0");
  check_refused(two("[0,4]", "[5,9]"), R"(tensor "a" at byte 4)" + where, "it at 5");
  check_refused(two("[5,9]", "[1,5]"), R"(tensor "a" at byte 0)" + where, "it at 1");
}

TEST_CASE("what cannot be written is refused before the file is touched", "[safetensors]") {
  const Scratch scratch;
  const std::filesystem::path path = scratch / "w.safetensors";
  save_safetensors(path, example());
  const std::string old = text_of(path);
  const auto refused = [&](const TensorFile& file) {
    const std::string said = refusal([&] { save_safetensors(path, file); });
    CHECK(text_of(path) == old);
    CHECK(names_in(scratch.folder) == std::vector<std::string>{"w.safetensors"});
    return said;
  };
  const Tensor a = to_tensor("a", std::vector<float>{1});
  check_message(refused({{a, a}, {}, {}}), {"wanted a name that is free, found \"a\""});
  check_message(refused({{to_tensor("__metadata__", std::vector<float>{1})}, {}, {}}),
                {"wanted a name that is free"});
  check_message(refused({{to_tensor("\xff", std::vector<float>{1})}, {}, {}}), {"UTF-8"});
  check_message(refused({{}, {{"a", "\xff"}}, {}}), {"UTF-8"});
  check_message(refused({{{"a", ElementType::f32, {2}, "1234"}}, {}, {}}),
                {"tensor 'a': wanted 8 bytes, found 4 bytes of F32 [2]"});
  check_message(refused({{{"a", ElementType::u8, {-1, -4}, "1234"}}, {}, {}}), {"[-1, -4]"});
  check_message(refused({{{"a", ElementType::u8, {0, -1}, ""}}, {}, {}}), {"a shape that can be"});

  write_bytes(scratch / "folder/inside", {1});
  check_message(message([&] { save_safetensors(scratch / "folder", example()); }),
                {"cannot write"});
  CHECK(names_in(scratch.folder) == std::vector<std::string>{"folder", "w.safetensors"});
}

TEST_CASE("a tensor is not taken for what it is not", "[safetensors]") {
  const Tensor a = to_tensor("a", std::vector<float>{1, 2});
  check_message(refusal([&] { to_values<double>(a); }),
                {"tensor 'a': wanted F64 [2], found F32 [2]"});
  check_message(refusal([] {
                  to_values<float>({"a", ElementType::f32, {3}, "12345678"});
                }),
                {"wanted 12 bytes, found 8 bytes of F32 [3]"});
  check_message(refusal([] {
                  to_matrix<std::uint8_t>({"a", ElementType::u8, {1, 1, 1}, "1"});
                }),
                {"wanted at most two dimensions, found U8 [1, 1, 1]"});
}

TEST_CASE("a new file replaces the old one, and lasts", "[safetensors]") {
  const Scratch scratch;
  const std::filesystem::path path = scratch / "w.safetensors";
  save_safetensors(path, {});
  std::filesystem::create_hard_link(path, scratch / "old");
  synced.clear();
  save_safetensors(path, example());
  CHECK(synced == std::vector<bool>{false, true});  // the file, then the folder with its name
  CHECK(text_of(scratch / "old") == to_safetensors({}));
  CHECK(text_of(path) == to_safetensors(example()));
}
