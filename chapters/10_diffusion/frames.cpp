// Chapter 10, section 4: points on their way to noise, and noise on its way to points.
#include <algorithm>
#include <cmath>

#include "judge.hpp"

namespace chapter {

using elbo::Denoiser;
using elbo::Index;
using elbo::Matrix;
using elbo::NoiseSchedule;

// Positions in thousandths, and a frame's points always in one order, so that the files stay small:
// a page lets its reader scrub through them.
void write_frames(const Judge& judge, const Denoiser<float>& denoiser) {
  const Run& run = judge.run;
  const NoiseSchedule& schedule = denoiser.diffusion().schedule();
  constexpr Index n = 300;
  constexpr int count = 40;
  std::vector<int> late_first;
  for (int k = count; k >= 0; --k) late_first.push_back(k * schedule.steps() / count);

  elbo::Table forward({"frame", "t", "x_1000", "y_1000"}), reverse = forward;
  const auto add = [](elbo::Table& table, int frame, int t, const Matrix<float>& x) {
    for (Index i = 0; i < x.cols(); ++i) {
      table.add({double(frame), double(t), std::round(1000 * double(x(0, i))),
                 std::round(1000 * double(x(1, i)))});
    }
  };
  const Ancestral sampler{denoiser, denoiser.diffusion(), run.seed + 1};
  const std::vector<Matrix<float>> back = sampler.paths(n, late_first, run.threads);
  Matrix<float> x = judge.shape.draw(n, run.seed, fresh_too);
  int t = 0;
  for (int k = 0; k <= count; ++k) {
    for (const int at = late_first[std::size_t(count - k)]; t < at;) {  // one layer after another
      const float beta = static_cast<float>(schedule.beta(++t));
      const elbo::Random random(run.seed, elbo::Stream::play, 5000 + std::uint64_t(t));
      x = std::sqrt(1 - beta) * x + std::sqrt(beta) * random.normal<float>(2, n);
    }
    add(forward, k, t, x);
    add(reverse, k, late_first[std::size_t(k)], back[std::size_t(k)]);
  }
  run.report.csv("forward_frames", forward);
  run.report.csv("reverse_frames", reverse);
  elbo::Table ends({"curve"});
  for (Index i = 0; i < n; ++i) {
    const Eigen::Vector2d end = back.back().col(i).cast<double>();
    ends.add({double(judge.shape.nearest_curve(end(0), end(1)))});
  }
  run.report.csv("reverse_ends", ends);
}

}  // namespace chapter
