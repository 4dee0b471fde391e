#include "elbo/steps.hpp"

#include <algorithm>
#include <cstring>

#include "elbo/lanes.hpp"

namespace elbo {

Steps::Steps(const Rows& b, Index cols)
    : k_(static_cast<std::size_t>((cols / columns + cols % columns) * b.depth)),
      bits_(static_cast<std::size_t>(b.depth)) {
  std::size_t n = 0;
  for (Index j = 0; j < cols;) {
    const int group = cols - j >= columns ? columns : 1;
    look(b, j, group);
    begins_.push_back(n);
    for (std::size_t k = 0; k < bits_.size(); ++k) {
      k_[n] = static_cast<std::uint32_t>(k);
      n += bits_[k] != 0 ? 1 : 0;
    }
    j += group;
  }
  begins_.push_back(n);
}

// The inner loop goes where the numbers stand next to each other.
void Steps::look(const Rows& b, Index column, int group) {
  const float* const first = b.first + column * b.across;
  const auto add = [&](Index k, Index g) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, first + k * b.step + g * b.across, sizeof(bits));
    bits_[static_cast<std::size_t>(k)] |= bits << 1;  // without the sign: -0 is 0
  };
  std::fill(bits_.begin(), bits_.end(), 0U);
  if (b.step == 1) {
    for (Index g = 0; g < group; ++g) {
      for (Index k = 0; k < b.depth; ++k) add(k, g);
    }
  } else {
    for (Index k = 0; k < b.depth; ++k) {
      for (Index g = 0; g < group; ++g) add(k, g);
    }
  }
}

}  // namespace elbo
