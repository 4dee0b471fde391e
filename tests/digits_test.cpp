// The book's own digits: the same bytes everywhere, and pictures that look like digits.
#include "elbo/digits.hpp"

#include <algorithm>

#include "check.hpp"

using namespace elbo;

namespace {

const Random hand(1, Stream::digits_train);

// The sum of the pixels of picture i, as a share of full ink.
double ink(const Images& images, Index i) {
  double sum = 0;
  for (Index p = 0; p < 784; ++p) sum += images.pixels[static_cast<std::size_t>(i * 784 + p)];
  return sum / 255.0 / 784.0;
}

}  // namespace

TEST_CASE("digits do not depend on threads, and longer sets begin with shorter ones", "[digits]") {
  const Images one = draw_digits(600, hand, 1);
  REQUIRE((one.count == 600 && one.rows == 28 && one.cols == 28));
  REQUIRE((one.pixels.size() == 600 * 784 && one.labels.size() == 600));
  for (const int threads : {2, 3}) {
    const Images other = draw_digits(600, hand, threads);
    CHECK((other.pixels == one.pixels && other.labels == one.labels));
  }
  const Images fewer = draw_digits(300, hand, 2);
  CHECK(std::equal(fewer.pixels.begin(), fewer.pixels.end(), one.pixels.begin()));
  CHECK(std::equal(fewer.labels.begin(), fewer.labels.end(), one.labels.begin()));

  CHECK(draw_digits(300, Random(2, Stream::digits_train), 1).pixels != fewer.pixels);
  CHECK(draw_digits(300, Random(1, Stream::digits_test), 1).pixels != fewer.pixels);
  CHECK(draw_digits(0, hand, 1).pixels.empty());
}

TEST_CASE("digits of all ten kinds, inked as MNIST's are", "[digits]") {
  const Index count = 3000;
  const Images images = draw_digits(count, hand, 2);
  std::vector<double> kinds(10, 0.0);
  for (const std::uint8_t label : images.labels) kinds.at(label) += 1;
  // 300 of each, give or take 4.5 standard deviations of a binomial.
  for (const double number : kinds) {
    CHECK_THAT(number, WithinAbs(300.0, sigmas * std::sqrt(3000 * 0.1 * 0.9)));
  }
  double mean = 0, margin = 0, lightest = 1, darkest = 0;
  for (Index i = 0; i < count; ++i) {
    const double share = ink(images, i);
    mean += share / static_cast<double>(count);
    lightest = std::min(lightest, share);
    darkest = std::max(darkest, share);
    for (Index p = 0; p < 784; ++p) {
      const Index r = p / 28, c = p % 28;
      const bool at_border = r < 2 || r >= 26 || c < 2 || c >= 26;
      if (at_border) margin += images.pixels[static_cast<std::size_t>(i * 784 + p)] / 255.0;
    }
  }
  CHECK((mean > 0.08 && mean < 0.2));         // MNIST: 0.13
  CHECK((lightest > 0.01 && darkest < 0.4));  // no empty page, no blot
  CHECK(margin / static_cast<double>(count * 208) < 0.01);
  CHECK(*std::max_element(images.pixels.begin(), images.pixels.end()) == 255);
}

TEST_CASE("digits of one kind differ from one another, and less than from other kinds",
          "[digits]") {
  // The mean squared distance of pairs with equal and with unequal labels.
  const Images images = draw_digits(300, hand, 2);
  double sum[2] = {0, 0}, pairs[2] = {0, 0};
  for (Index i = 0; i < 300; ++i) {
    for (Index j = 0; j < i; ++j) {
      double square = 0;
      for (Index p = 0; p < 784; ++p) {
        const double a = images.pixels[static_cast<std::size_t>(i * 784 + p)];
        const double b = images.pixels[static_cast<std::size_t>(j * 784 + p)];
        square += (a - b) * (a - b) / 65025.0;
      }
      const bool same =
          images.labels[static_cast<std::size_t>(i)] == images.labels[static_cast<std::size_t>(j)];
      sum[same] += square;
      pairs[same] += 1;
      if (!(square > 0)) FAIL_CHECK("pictures " << i << " and " << j << " are equal");
    }
  }
  CHECK(sum[1] / pairs[1] < 0.9 * sum[0] / pairs[0]);
}
