// Random numbers: the right bits, wherever and in whatever order they are asked for.
#include "elbo/random.hpp"

#include <array>
#include <bit>
#include <cstdint>

#include "check.hpp"

using namespace elbo;

namespace {

using Block = std::array<std::uint32_t, 4>;

// Philox4x32-10 once more, from the paper (Salmon et al. 2011, section 3.3).
Block philox(Block c, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = 0xD2511F53ULL * c[0], b = 0xCD9E8D57ULL * c[2];
    c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ key[0], static_cast<std::uint32_t>(b),
         static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += 0x9E3779B9U;
    key[1] += 0xBB67AE85U;
  }
  return c;
}

// The 32 bits that number `index` is made of, by the documented use of the counter and the key.
std::uint32_t bits(std::uint64_t seed, Stream stream, std::uint64_t substream,
                   std::uint64_t index) {
  const auto low = [](std::uint64_t v) { return static_cast<std::uint32_t>(v); };
  const std::uint64_t block = index / 4, id = static_cast<std::uint64_t>(stream) << 56 | substream;
  return philox({low(block), low(block >> 32), low(id), low(id >> 32)},
                {low(seed), low(seed >> 32)})[index % 4];
}

double uniform_from(std::uint32_t word) {
  return (static_cast<double>(word) + 0.5) / 4294967296.0;
}

}  // namespace

TEST_CASE("the test's Philox gives the published answers", "[random]") {
  // Known-answer vectors of Random123 (kat_vectors: philox 4x32 10).
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}) ==
        Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a number is a function of seed, stream, substream and index", "[random]") {
  // Values beyond 32 bits, so that a lost upper half shows.
  const std::uint64_t far = (1ULL << 36) + 5;
  for (const std::uint64_t seed : {0ULL, 1ULL, 0x123456789abcdefULL}) {
    for (const Stream stream : {Stream::parameters, Stream::noise, Stream::play}) {
      for (const std::uint64_t substream : {0ULL, 7ULL, 0xfedcba98765432ULL}) {
        const Random random(seed, stream, substream);
        for (const std::uint64_t i : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{6}, far}) {
          const std::uint32_t word = bits(seed, stream, substream, i);
          CHECK(random.uniform(i) == uniform_from(word));
          CHECK(random.below(1000, i) == (static_cast<std::uint64_t>(word) * 1000) / 4294967296ULL);
        }
      }
    }
  }
}

TEST_CASE("a block of numbers is the single numbers, from any start", "[random]") {
  const Random random(3, Stream::noise, 2);
  for (const std::uint64_t first : {0ULL, 1ULL, 2ULL, 3ULL, 4ULL, 1001ULL, (1ULL << 40) + 3}) {
    const Matrix<double> z = random.normal<double>(3, 5, first);
    const Matrix<float> z_float = random.normal<float>(3, 5, first);
    const Matrix<double> u = random.uniform<double>(3, 5, first);
    REQUIRE((z.rows() == 3 && z.cols() == 5 && u.rows() == 3 && u.cols() == 5));
    for (Index c = 0; c < 5; ++c) {
      for (Index r = 0; r < 3; ++r) {
        const std::uint64_t index = first + static_cast<std::uint64_t>(c * 3 + r);
        CHECK(z(r, c) == random.normal(index));
        CHECK(z_float(r, c) == static_cast<float>(random.normal(index)));
        CHECK(u(r, c) == random.uniform(index));
      }
    }
  }
  CHECK(random.normal<double>(0, 5).size() == 0);
}

TEST_CASE("many normal numbers are the single ones, to the bit", "[random]") {
  // Of every size around the 64 that are made at a time, and of several times that.
  const Random random(5, Stream::evaluation, 1ULL << 32 | 7);
  for (const std::uint64_t first : {0ULL, 2ULL, 5003ULL}) {
    for (const Index count : {1, 58, 61, 62, 63, 64, 65, 129, 1000}) {
      const Matrix<double> z = random.normal<double>(count, 1, first);
      Index wrong = 0;
      for (Index i = 0; i < count; ++i) {
        wrong += z(i) != random.normal(first + static_cast<std::uint64_t>(i));
      }
      INFO(count << " from " << first);
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("uniform numbers stay below 1 as floats too", "[random]") {
  // The first of this stream that lies within half a float's spacing of 1.
  const std::uint64_t index = 25782757;
  const Random random(1, Stream::data);
  CHECK(random.uniform(index) > 1.0 - 0x1p-25);
  CHECK(random.uniform<float>(1, 1, index)(0) < 1.0F);
}

TEST_CASE("normal numbers agree with libm's Box and Muller", "[random]") {
  // 1e-14: some roundings of a double near 6.8, the largest value there can be.
  const Random random(20, Stream::play);
  double worst = 0;
  for (std::uint64_t i = 0; i < 100000; i += 2) {
    const long double a = random.uniform(i), b = random.uniform(i + 1);
    const long double radius = std::sqrt(-2.0L * std::log(a));
    const long double turn = 2.0L * std::numbers::pi_v<long double> * b;
    worst =
        std::max(worst, std::abs(random.normal(i) - static_cast<double>(radius * std::cos(turn))));
    worst = std::max(worst,
                     std::abs(random.normal(i + 1) - static_cast<double>(radius * std::sin(turn))));
  }
  CHECK(worst < 1e-14);
}

TEST_CASE("the same bits on every compiler", "[random]") {
  // Printed once; the same with g++ 12 and clang++ 14 at -O0, -O2 and -O3 -march=native.
  const Random random(42, Stream::noise, 1);
  CHECK(random.normal(0ULL) == -0x1.a80e8cc3eaa37p+0);
  CHECK(random.normal(1ULL) == -0x1.06c5973562162p-3);
  CHECK(random.normal(2ULL) == 0x1.b5ab9326251ebp-4);
  CHECK(random.normal(3ULL) == -0x1.2ea8dc0bfd262p-6);
  CHECK(random.normal(1000ULL) == -0x1.b2bdb93599818p-1);
  CHECK(random.normal(123456789ULL) == 0x1.0e1cf02166e38p+0);
  CHECK(random.normal(1ULL << 40) == -0x1.d9f1f0215bd93p+0);

  std::uint64_t hash = 0;
  for (std::uint64_t i = 0; i < 200000; ++i) {
    hash = hash * 1099511628211ULL ^
           std::bit_cast<std::uint64_t>(Random(7, Stream::digits_train).normal(i));
  }
  CHECK(hash == 0x9d745203218649cULL);
}

TEST_CASE("what the constructor refuses", "[random]") {
  CHECK(contains(refusal([] { Random(1, Stream::play, 1ULL << 56); }), "substream"));
  CHECK(Random(7, Stream::play).seed() == 7);
}
