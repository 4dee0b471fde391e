#include "elbo/picture.hpp"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "elbo/shape.hpp"

namespace elbo {

Images tile(const Matrix<float>& pictures, Index rows, Index cols, Index across) {
  check_rows("tile: pictures", pictures, rows * cols);
  const Index down = (pictures.cols() + across - 1) / across;
  Images sheet{1, down * (rows + 1) - 1, across * (cols + 1) - 1, {}, {}};
  constexpr std::uint8_t line = 96;
  sheet.pixels.assign(static_cast<std::size_t>(sheet.rows * sheet.cols), line);
  for (Index i = 0; i < pictures.cols(); ++i) {
    const Index top = i / across * (rows + 1), left = i % across * (cols + 1);
    for (Index r = 0; r < rows; ++r) {
      for (Index c = 0; c < cols; ++c) {
        const float value = std::clamp(pictures(r * cols + c, i), 0.0f, 1.0f);
        sheet.pixels[static_cast<std::size_t>((top + r) * sheet.cols + left + c)] =
            static_cast<std::uint8_t>(std::lround(255.0f * value));
      }
    }
  }
  return sheet;
}

std::string png(const Images& images) {
  std::string bytes;
  const auto append = [](void* to, void* data, int size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(data),
                                          static_cast<std::size_t>(size));
  };
  const int width = static_cast<int>(images.cols), height = static_cast<int>(images.rows);
  if (stbi_write_png_to_func(append, &bytes, width, height, 1, images.pixels.data(), width) == 0) {
    throw std::runtime_error("PNG: could not encode " + std::to_string(width) + " x " +
                             std::to_string(height) + " pixels");
  }
  return bytes;
}

std::string terminal_picture(const Images& images) {
  // Upper and lower half of a character cell, each in one of 24 terminal greys (232 .. 255).
  const auto grey = [&](Index r, Index c) {
    const int pixel =
        r < images.rows ? images.pixels[static_cast<std::size_t>(r * images.cols + c)] : 0;
    return std::to_string(232 + pixel * 23 / 255);
  };
  std::string text;
  for (Index r = 0; r < images.rows; r += 2) {
    for (Index c = 0; c < images.cols; ++c) {
      text += "\x1b[38;5;" + grey(r, c) + "m\x1b[48;5;" + grey(r + 1, c) + "m\u2580";
    }
    text += "\x1b[0m\n";
  }
  return text;
}

}  // namespace elbo
