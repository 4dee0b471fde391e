// One flat vector, and the places in it; pictures and samples fetched by number.
#include "elbo/parameters.hpp"

#include <array>

#include "check.hpp"
#include "elbo/data_source.hpp"

using namespace elbo;

TEST_CASE("slices follow one another and share the vector's memory", "[parameters]") {
  Layout layout;
  const Slice a = layout.add("a", 2, 3), b = layout.add("b", 4, 1);
  CHECK((a.offset == 0 && a.size() == 6 && b.offset == 6 && b.size() == 4 && layout.size() == 10));
  REQUIRE(layout.slices().size() == 2);
  CHECK((layout.slices()[1].first == "b" && layout.slices()[1].second.offset == 6));

  Vector<double> parameters(10);
  for (Index i = 0; i < 10; ++i) parameters(i) = static_cast<double>(i);
  CHECK((a.in(parameters)(1, 2) == 5 && b.in(parameters)(3, 0) == 9));  // column after column
  a.in(parameters)(0, 1) = -1;
  CHECK(parameters(2) == -1);
}

TEST_CASE("pictures become columns between 0 and 1", "[images]") {
  Images images{3, 2, 2, {0, 1, 2, 3, 255, 254, 253, 252, 51, 102, 153, 204}, {}};
  CHECK(images.dimension() == 4);
  const std::array<std::uint32_t, 3> chosen = {2, 0, 2};
  Matrix<double> x;
  images.gather(chosen, x);
  REQUIRE((x.rows() == 4 && x.cols() == 3));
  for (Index j = 0; j < 3; ++j) {
    for (Index r = 0; r < 4; ++r) {
      const std::size_t at = 4 * chosen[static_cast<std::size_t>(j)] + static_cast<std::size_t>(r);
      CHECK_THAT(x(r, j), WithinAbs(images.pixels[at] / 255.0, 1e-15));
    }
  }
  const Matrix<double> block = images.block<double>(1, 2);
  REQUIRE((block.rows() == 4 && block.cols() == 2));
  CHECK((block(0, 0) == 1.0 && block(3, 1) == 0.8));
}

TEST_CASE("a data source fetches by number", "[images]") {
  const Matrix<double> samples{{1, 2, 3, 4}, {5, 6, 7, 8}};
  const DataSource<double> source = DataSource<double>::from(samples);
  CHECK(source.count == 4);
  Matrix<double> x;
  source.gather(std::array<std::uint32_t, 3>{3, 0, 3}, x);
  CHECK(x == Matrix<double>{{4, 1, 4}, {8, 5, 8}});

  const Images images{2, 1, 3, {0, 51, 255, 255, 0, 102}, {}};
  const DataSource<float> pictures = DataSource<float>::from(images);
  CHECK(pictures.count == 2);
  Matrix<float> y;
  pictures.gather(std::array<std::uint32_t, 1>{1}, y);
  CHECK(max_difference(y.cast<double>(), Matrix<double>{{1}, {0}, {0.4}}) < 1e-7);
}
