// Sheets of pictures: where each lands, and that a PNG decodes to the same pixels.
#include "elbo/picture.hpp"

#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#endif
#include <stb/stb_image.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

#include "scratch.hpp"

using namespace elbo;

namespace {

// The first picture of `images` as rows of numbers.
std::vector<std::vector<int>> rows_of(const Images& images) {
  std::vector<std::vector<int>> rows;
  for (Index r = 0; r < images.rows; ++r) {
    const auto start = images.pixels.begin() + r * images.cols;
    rows.emplace_back(start, start + images.cols);
  }
  return rows;
}

}  // namespace

TEST_CASE("pictures stand in a sheet row by row with a grey line between", "[picture]") {
  // Three pictures of 2 rows and 3 columns, two in a row; the fourth place stays empty.
  Matrix<float> pictures(6, 3);
  pictures << 0, 1, 0.2F,  //
      0, 1, 0.4F,          //
      0, 1, 0.6F,          //
      1, 0, 0.8F,          //
      1, 0, 0.5F,          //
      1, 0, 1.0F;
  const Images sheet = tile(pictures, 2, 3, 2);
  CHECK((sheet.count == 1 && sheet.rows == 5 && sheet.cols == 7));
  constexpr int line = 96;
  CHECK(rows_of(sheet) == std::vector<std::vector<int>>{
                              {0, 0, 0, line, 255, 255, 255},
                              {255, 255, 255, line, 0, 0, 0},
                              {line, line, line, line, line, line, line},
                              {51, 102, 153, line, line, line, line},
                              {204, 128, 255, line, line, line, line},
                          });
}

TEST_CASE("one picture is a sheet without lines; greys are rounded and kept in range",
          "[picture]") {
  Matrix<float> picture(4, 1);
  picture << -0.5F, 1.5F, 0.4999F / 255, 0.5001F / 255;
  const Images sheet = tile(picture, 2, 2, 1);
  CHECK(rows_of(sheet) == std::vector<std::vector<int>>{{0, 255}, {0, 1}});
  // Fewer pictures than fit in a row: the row keeps its width.
  CHECK(tile(picture, 2, 2, 3).cols == 8);
  CHECK(tile(picture, 1, 4, 1).rows == 1);
}

TEST_CASE("a sheet of pictures of another size is refused with both shapes", "[picture]") {
  const std::string said = refusal([] { tile(Matrix<float>::Zero(5, 2), 2, 3, 2); });
  CHECK(contains(said, "6 x 2"));
  CHECK(contains(said, "5 x 2"));
}

TEST_CASE("a PNG decodes to the same pixels", "[picture]") {
  for (const auto& [rows, cols] : {std::pair{1, 1}, {1, 7}, {13, 1}, {29, 57}}) {
    Images images{1, rows, cols, {}, {}};
    for (int i = 0; i < rows * cols; ++i) {
      images.pixels.push_back(static_cast<std::uint8_t>(i * 37 % 256));
    }
    const std::string file = png(images);
    int width = 0, height = 0, channels = 0;
    stbi_uc* decoded =
        stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(file.data()),
                              static_cast<int>(file.size()), &width, &height, &channels, 0);
    REQUIRE(decoded != nullptr);
    CHECK((width == cols && height == rows && channels == 1));
    CHECK(ByteVector(decoded, decoded + width * height) == images.pixels);
    stbi_image_free(decoded);
  }
}

TEST_CASE("a PNG of several pictures shows the first", "[picture]") {
  const Images two{2, 1, 2, {10, 20, 30, 40}, {}};
  const Images one{1, 1, 2, {10, 20}, {}};
  CHECK(png(two) == png(one));
}

TEST_CASE("a picture for the terminal: two rows a line, darkest and lightest grey", "[picture]") {
  const Images images{1, 3, 2, {0, 255, 255, 0, 128, 64}, {}};
  const std::string text = terminal_picture(images);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  const std::string half = "\u2580";
  // First cell: black over white. Below the last row there is black.
  CHECK(text.rfind("\x1b[38;5;232m\x1b[48;5;255m" + half + "\x1b[38;5;255m\x1b[48;5;232m" + half +
                       "\x1b[0m\n\x1b[38;5;243m\x1b[48;5;232m" + half,
                   0) == 0);
}
