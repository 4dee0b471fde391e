// ByteVector become numbers: column by column, 0 .. 255 to [0, 1].
#include "elbo/images.hpp"

#include "scratch.hpp"

using namespace elbo;

namespace {

// Three pictures of 2 x 2.
Images three() {
  return {3, 2, 2, {0, 51, 102, 255, 10, 20, 30, 40, 255, 254, 1, 0}, {7, 8, 9}};
}

}  // namespace

TEMPLATE_TEST_CASE("gather and block divide by 255, one picture a column", "[images]", float,
                   double) {
  const Images images = three();
  const TestType tolerance = std::numeric_limits<TestType>::epsilon();  // one rounding of v / 255
  const Matrix<TestType> all = images.block<TestType>(0, 3);
  REQUIRE((all.rows() == 4 && all.cols() == 3));
  for (Index j = 0; j < 3; ++j) {
    for (Index i = 0; i < 4; ++i) {
      const auto byte = static_cast<TestType>(images.pixels[static_cast<std::size_t>(4 * j + i)]);
      CHECK(std::abs(all(i, j) - byte / TestType(255)) <= tolerance);
    }
  }
  CHECK(all(0, 0) == TestType(0));
  CHECK(all(3, 0) == TestType(1));  // exactly: white is 1, not 0.9999999
  CHECK(all(0, 2) == TestType(1));

  // A block is a part of all, in stored order.
  CHECK(images.block<TestType>(1, 2) == all.rightCols(2));
  CHECK(images.block<TestType>(2, 1) == all.col(2));
  CHECK(images.block<TestType>(1, 0).size() == 0);

  // Gathered in the order asked for, repeats included, whatever the matrix held before.
  Matrix<TestType> x = Matrix<TestType>::Constant(7, 9, TestType(-1));
  const std::vector<std::uint32_t> chosen = {2, 0, 2, 1};
  images.gather<TestType>(chosen, x);
  REQUIRE((x.rows() == 4 && x.cols() == 4));
  for (std::size_t j = 0; j < chosen.size(); ++j) {
    CHECK(x.col(static_cast<Index>(j)) == all.col(static_cast<Index>(chosen[j])));
  }
  images.gather<TestType>(std::span<const std::uint32_t>{}, x);
  CHECK((x.rows() == 4 && x.cols() == 0));
}

TEST_CASE("the first pictures as a set of their own", "[images]") {
  const Images images = three();
  const Images two = images.first(2);
  CHECK((two.count == 2 && two.rows == 2 && two.cols == 2));
  CHECK(two.pixels == ByteVector(images.pixels.begin(), images.pixels.begin() + 8));
  CHECK(two.labels == ByteVector{7, 8});

  CHECK(images.first(3).pixels == images.pixels);
  CHECK(images.first(1000).pixels == images.pixels);
  CHECK(images.first(1000).count == 3);
  CHECK(images.first(1000).labels == images.labels);
  CHECK((images.first(0).count == 0 && images.first(0).pixels.empty()));

  Images unlabelled = images;
  unlabelled.labels.clear();
  CHECK(unlabelled.first(2).labels.empty());
  CHECK(unlabelled.first(2).pixels == two.pixels);
}

TEST_CASE("pictures that are not there are refused, not read", "[images]") {
  Images images{2, 1, 2, {1, 2, 3, 4}, {}};
  CHECK(images.block<float>(1, 1).cols() == 1);
  CHECK_THROWS_AS(images.block<float>(1, 2), std::out_of_range);
  CHECK_THROWS_AS(images.block<float>(-1, 1), std::out_of_range);
}
