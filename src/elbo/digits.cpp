// Handwriting by procedure: a pen follows one of a digit's paths, bent by the writer's hand.
//
// For the same bytes everywhere only + - * / sqrt and comparisons touch a coordinate: IEEE 754
// rounds those one way. Libraries differ in sin and exp, and processors in how Eigen orders a sum.
#include "elbo/digits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "elbo/threads.hpp"

namespace elbo {
namespace {

// A place the pen passes, in percent of the digit's box, y downwards. Twice the same: a corner.
using Knot = std::pair<int, int>;
using Stroke = std::vector<Knot>;   // from pen down to pen up
using Style = std::vector<Stroke>;  // one way to write a digit

// How people write 0, 1, ... 9, each style as likely as the others of its digit.
// clang-format off
const std::array<std::vector<Style>, 10> styles = {{
  {{{{58,3}, {28,10}, {12,48}, {26,90}, {58,96}, {86,70}, {86,34}, {66,8}, {44,5}}},
   {{{76,16}, {46,3}, {16,32}, {14,74}, {46,98}, {80,78}, {84,38}, {64,8}, {40,20}}}},
  {{{{56,0}, {52,34}, {50,66}, {48,100}}}, {{{50,0}, {50,50}, {50,100}}},
   {{{38,18}, {48,9}, {55,0}, {55,0}, {53,50}, {52,100}}},
   {{{32,22}, {44,13}, {54,2}, {54,2}, {54,50}, {52,97}}, {{26,98}, {52,97}, {78,97}}}},
  {{{{16,24}, {34,4}, {64,6}, {75,28}, {54,60}, {12,94}, {12,94}, {50,94}, {92,96}}},
   {{{12,26}, {40,3}, {72,16}, {67,48}, {36,84}, {10,94}, {10,74}, {36,78}, {62,94}, {94,90}}},
   {{{14,12}, {46,3}, {75,18}, {60,50}, {28,80}, {18,92}, {50,90}, {88,90}}},
   {{{26,20}, {46,4}, {66,12}, {60,48}, {30,92}, {16,84}, {34,76}, {88,98}}}},
  {{{{18,16}, {46,2}, {72,20}, {60,40}, {42,46}, {42,46}, {70,55}, {78,78}, {50,97}, {14,87}}},
   {{{16,7}, {78,5}, {78,5}, {60,24}, {40,42}, {40,42}, {75,52}, {80,80}, {48,98}, {12,88}}},
   {{{20,10}, {58,2}, {74,18}, {48,44}, {74,62}, {68,90}, {38,98}, {16,88}}}},
  {{{{26,3}, {22,28}, {16,52}, {16,52}, {48,54}, {82,48}}, {{76,4}, {72,36}, {68,66}, {64,99}}},
   {{{62,1}, {38,30}, {10,62}, {10,62}, {50,64}, {94,61}}, {{62,1}, {62,36}, {60,68}, {60,100}}},
   {{{32,3}, {20,26}, {22,50}, {44,56}, {74,42}}, {{78,3}, {74,36}, {68,68}, {62,100}}},
   {{{22,4}, {20,30}, {30,52}, {60,50}, {82,20}, {86,2}, {86,2}, {76,50}, {66,100}}}},
  {{{{82,5}, {33,7}, {33,7}, {28,26}, {24,45}, {24,45}, {56,38}, {78,64}, {58,94}, {12,90}}},
   {{{36,9}, {30,28}, {25,46}, {25,46}, {54,41}, {76,66}, {50,97}, {14,88}}, {{36,9}, {92,3}}},
   {{{82,7}, {52,4}, {32,15}, {29,37}, {50,45}, {73,61}, {66,88}, {40,98}, {14,87}}}},
  {{{{70,3}, {42,20}, {21,48}, {19,80}, {44,98}, {74,84}, {72,60}, {46,54}, {22,74}}},
   {{{78,10}, {52,3}, {24,26}, {14,62}, {32,94}, {66,95}, {77,70}, {56,52}, {26,66}}},
   {{{36,0}, {24,30}, {18,62}, {28,92}, {60,97}, {80,74}, {66,52}, {44,66}, {48,90}}}},
  {{{{12,9}, {46,8}, {84,6}, {84,6}, {66,37}, {54,67}, {46,100}}},
   {{{14,22}, {17,8}, {48,9}, {85,6}, {73,32}, {55,63}, {45,100}}},
   {{{16,16}, {42,3}, {74,8}, {76,36}, {62,68}, {56,100}}},
   {{{12,9}, {48,7}, {84,6}, {84,6}, {66,38}, {50,67}, {40,100}}, {{30,53}, {58,51}, {84,49}}}},
  {{{{73,12}, {48,2}, {25,18}, {46,45}, {75,72}, {50,98}, {23,79}, {47,50}, {72,27}, {69,9}}},
   {{{80,14}, {52,3}, {28,20}, {50,45}, {70,72}, {46,98}, {26,78}, {52,45}, {84,8}}},
   {{{54,4}, {28,22}, {50,47}, {74,23}, {48,4}}, {{50,46}, {21,73}, {50,98}, {79,72}, {48,47}}}},
  {{{{73,15}, {47,2}, {20,22}, {36,48}, {66,36}, {76,10}, {76,10}, {73,54}, {68,100}}},
   {{{72,16}, {47,2}, {20,23}, {36,47}, {66,38}, {78,11}, {79,50}, {71,85}, {45,98}, {18,87}}},
   {{{66,24}, {44,44}, {24,24}, {46,3}, {70,18}, {68,52}, {58,78}, {52,100}}}},
}};
// clang-format on

constexpr int side = 28;                                    // pixels
using Page = std::array<double, std::size_t{side} * side>;  // one picture, row after row
constexpr std::uint64_t numbers = 64;                       // random numbers per picture:
constexpr std::uint64_t choices = 4;  // the first few choose, the others (normal) vary

using Dot = Eigen::Array3d;        // the pen at one moment: x, y, and half the width of its line
using Line = std::pair<Dot, Dot>;  // what it draws until the next

// The normal numbers of one picture, one after the other.
struct Jitter {
  Matrix<double> z;
  Index next = 0;
  double operator()(double mean, double spread) { return mean + spread * z(next++); }
};

// A writer's hand is a random cubic map of the plane, so that all of a digit leans and bends alike.
// Its columns: u and v (for stretch, slant and tilt), u^2, uv, v^2, and u^3, u^2 v, u v^2, v^3.
struct Hand {
  double x[9], y[9];
  explicit Hand(Jitter& jitter) {
    constexpr double mean_x[9] = {.90, -.12}, mean_y[9] = {0, 1};
    constexpr double spread_x[9] = {.16, .24, .06, .10, .08, .04, .04, .05, .06};
    constexpr double spread_y[9] = {.09, .00, .06, .07, .11, .04, .04, .04, .05};
    for (int k = 0; k < 9; ++k) x[k] = jitter(mean_x[k], spread_x[k]);
    for (int k = 0; k < 9; ++k) y[k] = jitter(mean_y[k], spread_y[k]);
    x[0] = std::max(x[0], 0.5);  // nobody squeezes a digit flat
  }

  Dot place(const Knot& knot) const {
    const double u = knot.first / 50.0 - 1, v = knot.second / 50.0 - 1;
    const double term[9] = {u, v, u * u, u * v, v * v, u * u * u, u * u * v, u * v * v, v * v * v};
    Dot dot(0, 0, 1);
    for (int k = 0; k < 9; ++k) dot += term[k] * Dot(x[k], y[k], 0);
    return dot;
  }
};

// The knots as this hand sets them. It wavers slowly: half of each error is left at the next knot.
std::vector<Dot> waver(const Stroke& stroke, const Hand& hand, Jitter& jitter) {
  std::vector<Dot> dots;
  Dot error = Dot::Zero();
  for (std::size_t k = 0; k < stroke.size(); ++k) {
    const bool corner = k > 0 && stroke[k] == stroke[k - 1];  // one place, so one error
    for (int i = 0; i < 3 && !corner; ++i) error[i] = jitter(error[i] / 2, i < 2 ? 0.06 : 0.1);
    const bool light = k == 0 || k + 1 == stroke.size();  // the pen touches down and lifts off
    dots.push_back(hand.place(stroke[k]) + error - Dot(0, 0, light ? 0.2 : 0));
  }
  return dots;
}

// The smooth curve through the dots, in short lines: Catmull and Rom's (1974) cubics, which pass
// each dot in the direction from the one before to the one after.
void sweep(const std::vector<Dot>& dots, std::vector<Line>& lines) {
  for (std::size_t k = 0; k + 1 < dots.size(); ++k) {
    const Dot &a = dots[k > 0 ? k - 1 : 0], &b = dots[k], &c = dots[k + 1];
    const Dot& d = dots[std::min(k + 2, dots.size() - 1)];
    Dot from = b;
    for (int i = 1; i <= 6 && (b != c).any(); ++i) {  // nothing to draw within a corner
      const double t = i / 6.0;
      const Dot bend = 2.0 * a - 5.0 * b + 4.0 * c - d, twist = 3.0 * (b - c) + d - a;
      const Dot to = b + t / 2 * (c - a + t * (bend + t * twist));
      lines.push_back({from, to});
      from = to;
    }
  }
}

// Scale the drawing to `size` pixels, keeping its aspect, and put its centre of mass at `centre`.
void fit(std::vector<Line>& lines, double size, double radius, const Dot& centre) {
  Dot low = lines[0].first, high = low, middle = Dot::Zero();
  double mass = 0;
  for (const auto& [a, b] : lines) {
    low = low.min(a).min(b);
    high = high.max(a).max(b);
    const double dx = b[0] - a[0], dy = b[1] - a[1];
    const double area = std::sqrt(dx * dx + dy * dy) * (a[2] + b[2]);
    middle += area * (a + b) / 2;
    mass += area;
  }
  middle *= Dot(1, 1, 0) / mass;
  const double scale = size / std::max(high[0] - low[0], high[1] - low[1]);
  for (auto& [a, b] : lines) {
    a = centre + (a - middle) * Dot(scale, scale, radius);
    b = centre + (b - middle) * Dot(scale, scale, radius);
  }
}

// Ink the pixels near a line: full inside its width, fading out across a soft edge.
void ink(const Dot& a, const Dot& b, Page& page) {
  constexpr double soft = 0.54;
  const auto pixel = [](double v) { return static_cast<int>(std::clamp(v, 0.0, side - 1.0)); };
  const double reach = std::max(a[2], b[2]) + soft;
  const Dot low = a.min(b) - reach, high = a.max(b) + reach, step = b - a;
  const double length2 = step[0] * step[0] + step[1] * step[1] + 1e-12;
  for (int r = pixel(low[1]); r <= pixel(high[1]); ++r) {
    for (int c = pixel(low[0]); c <= pixel(high[0]); ++c) {
      const double px = c + 0.5 - a[0], py = r + 0.5 - a[1];  // from a to the pixel's centre
      const double t = std::clamp((px * step[0] + py * step[1]) / length2, 0.0, 1.0);
      const double dx = px - t * step[0], dy = py - t * step[1];  // from the nearest point
      const double inside = a[2] + t * step[2] - std::sqrt(dx * dx + dy * dy);
      double& there = page[static_cast<std::size_t>(r) * side + static_cast<std::size_t>(c)];
      there = std::max(there, std::min((inside + soft) / (2 * soft), 1.0));
    }
  }
}

void draw(Index i, const Random& random, Images& images) {
  const std::uint64_t first = static_cast<std::uint64_t>(i) * numbers;
  const std::uint32_t digit = random.below(10, first);
  const std::vector<Style>& ways = styles[digit];
  const Style& style = ways[random.below(static_cast<std::uint32_t>(ways.size()), first + 1)];
  Jitter jitter{random.normal<double>(numbers - choices, 1, first + choices)};
  const Hand hand(jitter);
  const double radius = std::clamp(jitter(1.35, 0.32), 0.7, 2.4);  // from fine pen to marker
  const double size = 20 * std::clamp(jitter(0.98, 0.03), 0.9, 1.0) - 2 * radius;  // as MNIST's
  const double x = jitter(side / 2.0, 0.3), y = jitter(side / 2.0, 0.3);
  std::vector<Line> lines;
  for (const Stroke& stroke : style) sweep(waver(stroke, hand, jitter), lines);
  fit(lines, size, radius, Dot(x, y, 0));
  Page page{};
  for (const auto& [a, b] : lines) ink(a, b, page);
  std::uint8_t* pixel = images.pixels.data() + i * images.dimension();
  for (double v : page) *pixel++ = static_cast<std::uint8_t>(std::lround(255 * v));
  images.labels[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(digit);
}

}  // namespace

Images draw_digits(Index count, const Random& random, int threads) {
  constexpr int tasks = 256;  // enough to share out evenly
  Images images{count, side, side, {}, {}};
  images.pixels.resize(static_cast<std::size_t>(count * images.dimension()));
  images.labels.resize(static_cast<std::size_t>(count));
  Threads(threads).run(tasks, [&](int task) {
    const Index end = count * (task + 1) / tasks;
    for (Index i = count * task / tasks; i < end; ++i) draw(i, random, images);
  });
  return images;
}

}  // namespace elbo
