// Where a chapter's pictures come from: the embedded digits, MNIST by name, or a folder.
#pragma once

#include <limits>
#include <string>

#include "elbo/images.hpp"

namespace elbo {

/// Pictures to learn from and pictures to measure on.
struct Dataset {
  std::string name;  ///< "digits", "mnist", "binarized-mnist", or the folder's path
  std::string
      sha256;  ///< of pixels and labels of `train`, then of `test`; of a file's order, if whole
  bool binary = false;  ///< every pixel black or white: then a Bernoulli density is a likelihood
  Images train;         ///< to learn from
  Images test;          ///< to measure on
  Images valid;         ///< for choosing; empty unless the set has such a part of its own
};

/// At most so many images of each part; the first ones.
struct DataLimits {
  Index train = std::numeric_limits<Index>::max();  ///< of Dataset::train; all by default
  Index test = std::numeric_limits<Index>::max();   ///< of Dataset::test; all by default
};

/// `name` is "digits" (60,000 and 10,000, drawn on the spot from a fixed seed), "mnist" or
/// "binarized-mnist" (looked for in $ELBO_DATA, then in the user's cache), or a folder of IDX
/// files, plain or gzip:
///   [binarized-]train-images-idx3-ubyte[.gz], t10k-images-... or [binarized-]test-images-...,
///   and, where there are any, binarized-valid-images-..., or the labels
///   train-labels-idx1-ubyte[.gz], t10k-labels-...
/// The binarised set comes sorted by digit; each of its parts is shuffled, always the same way.
/// Where all pixels of all parts are 0 or 1, they are stretched to 0 or 255. Throws
/// std::runtime_error in one line.
Dataset load_digits(const std::string& name, DataLimits limits = {}, int threads = 0);

}  // namespace elbo
