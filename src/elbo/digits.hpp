// The book's own digits: drawn by a procedure, so that every chapter runs without a download.
#pragma once

#include <cstdint>

#include "elbo/images.hpp"
#include "elbo/random.hpp"

namespace elbo {

/// `count` grey 28 x 28 digits, labels 0 .. 9, drawn with strokes that vary in shape, slant, width
/// and position. Picture i is a function of (random, i) alone: the same bytes on any thread count
/// and compiler, and the first pictures of a longer set are those of a shorter one.
Images draw_digits(Index count, const Random& random, int threads);

}  // namespace elbo
