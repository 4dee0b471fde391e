#include "training_data.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>

#include "elbo/digits.hpp"
#include "elbo/idx_format.hpp"

namespace interactive {
namespace {

using elbo::Images;
using elbo::Index;
using elbo::Stream;

constexpr Index most_pixels = 64 * 64;  // of a picture: what a page's model can hold
constexpr std::size_t most_held_out = 400;

std::unique_ptr<Pictures> given;

// Files may be sorted by digit, so their pictures are put in a random order.
std::vector<std::uint32_t> any_order(Index count) {
  return elbo::Random(1, Stream::shuffle).permutation(static_cast<std::uint32_t>(count));
}

Pictures draw() {
  constexpr std::uint32_t count = 3000;
  Pictures digits{
      elbo::draw_digits(count + most_held_out, elbo::Random(1, Stream::digits_train), 1),
      {},
      most_held_out};
  digits.order.resize(count + most_held_out);
  std::iota(digits.order.begin(), digits.order.end(), 0U);
  return digits;
}

Images read_images(const elbo::ByteSource& file) {
  Images images = elbo::parse_idx_images(file);
  if (images.count < 2 || images.dimension() > most_pixels) {
    file.refuse("at least 2 images, of at most 64 x 64 pixels in all",
                std::to_string(images.count) + " of " + std::to_string(images.rows) + " x " +
                    std::to_string(images.cols));
  }
  return images;
}

void take_labels(const elbo::ByteSource& file) {
  std::vector<std::uint8_t> labels = elbo::parse_idx_labels(file);
  const Index images = given ? given->images.count : 0;
  if (static_cast<Index>(labels.size()) != images) {
    file.refuse(
        "a label for each image that was opened before, " + std::to_string(images) + " in all",
        std::to_string(labels.size()));
  }
  given->images.labels = std::move(labels);
}

bool holds_labels(Bytes file) {
  return file.size() >= 4 && file[0] == 0 && file[1] == 0 && file[2] == 8 && file[3] == 1;
}

}  // namespace

elbo::DataSource<float> Pictures::learned() const {
  return {static_cast<Index>(order.size() - held_out),
          [this](std::span<const std::uint32_t> chosen, elbo::Matrix<float>& x) {
            std::vector<std::uint32_t> which(chosen.size());
            std::transform(chosen.begin(), chosen.end(), which.begin(),
                           [this](std::uint32_t i) { return order[i]; });
            images.gather<float>(which, x);
          }};
}

elbo::Matrix<float> Pictures::held() const {
  elbo::Matrix<float> x;
  images.gather<float>({order.data() + order.size() - held_out, held_out}, x);
  return x;
}

const Pictures& pictures(Origin origin) {
  static const Pictures digits = draw();
  if (origin == Origin::book) return digits;
  if (!given) throw std::invalid_argument("training: wanted a file of images, found none given");
  return *given;
}

Numbers take_pictures(Bytes bytes) {
  const auto file = elbo::ByteSource::from("the file", bytes);
  if (holds_labels(bytes)) {
    take_labels(file);
  } else {
    Images images = read_images(file);
    const Index count = images.count;
    given = std::make_unique<Pictures>(
        Pictures{std::move(images), any_order(count),
                 std::clamp<std::size_t>(static_cast<std::size_t>(count) / 6, 1, most_held_out)});
  }
  const Images& images = given->images;
  return {static_cast<double>(images.count), static_cast<double>(images.labels.size()),
          static_cast<double>(images.rows), static_cast<double>(images.cols)};
}

}  // namespace interactive
