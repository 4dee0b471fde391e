// Where a chapter's pictures come from: the embedded digits, MNIST by name, or a folder.
#pragma once

#include <string>

#include "elbo/images.hpp"

namespace elbo {

struct Dataset {
  std::string name;    // "digits", "mnist", "binarized-mnist", or the folder's path
  std::string sha256;  // of all pixels and labels: training, then test
  Images train, test;
};

/// How many embedded digits to draw; the sizes of MNIST unless a quick run wants fewer.
struct DigitCounts {
  Index train = 60000, test = 10000;
};

/// `name` is "digits" (drawn on the spot from a fixed seed), "mnist" or "binarized-mnist" (looked
/// for in $ELBO_DATA, then in the user's cache), or a folder of IDX files, plain or gzip:
///   [binarized-]train-images-idx3-ubyte[.gz], t10k-images-... or [binarized-]test-images-...,
///   and, where there are any, the labels train-labels-idx1-ubyte[.gz], t10k-labels-...
/// Pixels that are all 0 or 1 are stretched to 0 or 255. Throws std::runtime_error in one line.
Dataset load_digits(const std::string& name, DigitCounts counts = {}, int threads = 0);

}  // namespace elbo
