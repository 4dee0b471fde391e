// Chapter 8: its images. Half as wide and half as high, so that fifty samples an image fit into a
// minute; black or white, so that a Bernoulli density is a likelihood.
#include "sections.hpp"

namespace chapter {

// [halve]
elbo::Images halved(const elbo::Images& images) {
  elbo::Images out{images.count, images.rows / 2, images.cols / 2, {}, images.labels};
  for (elbo::Index i = 0; i < out.count; ++i) {
    for (elbo::Index r = 0; r < out.rows; ++r) {
      for (elbo::Index c = 0; c < out.cols; ++c) {
        const auto at = static_cast<std::size_t>((i * images.rows + 2 * r) * images.cols + 2 * c);
        const auto below = at + static_cast<std::size_t>(images.cols);
        const int sum = images.pixels[at] + images.pixels[at + 1] + images.pixels[below] +
                        images.pixels[below + 1];
        out.pixels.push_back(static_cast<std::uint8_t>((sum + 2) / 4));
      }
    }
  }
  return out;
}
// [halve]

// [binarize]
elbo::Images binarized(const elbo::Images& grey, const elbo::Random& random) {
  elbo::Images out = grey;
  for (std::size_t i = 0; i < out.pixels.size(); ++i) {
    out.pixels[i] = random.uniform(i) * 255 < grey.pixels[i] ? 255 : 0;
  }
  return out;
}
// [binarize]

}  // namespace chapter
