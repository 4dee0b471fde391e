// Sheets of small grey pictures: as PNG for the page, as characters for the terminal.
#pragma once

#include <string>

#include "elbo/images.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// Pictures as columns (D x n, D = rows * cols, row after row, values 0 .. 1) laid out `across` in
/// a row with a grey line between them. One picture in the result.
Images tile(const Matrix<float>& pictures, Index rows, Index cols, Index across);

/// The first picture of `images` as the bytes of a PNG file.
std::string png(const Images& images);

/// The first picture for a terminal of 256 colours: half blocks, two rows of pixels a line.
std::string terminal_picture(const Images& images);

}  // namespace elbo
