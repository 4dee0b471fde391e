// Chapter 10: points drowned in noise and walked back, by a network that learns in the page.
#include <cmath>
#include <map>
#include <memory>

#include "calls.hpp"
#include "diffusion_lab.hpp"

namespace interactive {
namespace {

using elbo::Index;
using elbo::Matrix;

constexpr Index shown = 400;  // points of a path

using Labs = std::map<std::pair<int, int>, std::unique_ptr<Lab>>;
Labs& labs() {
  static Labs all;
  return all;
}

std::pair<int, int> key(const Numbers& a) {
  return {static_cast<int>(a[0]), static_cast<int>(a[1])};
}

Lab& lab(const Numbers& a) {
  std::unique_ptr<Lab>& one = labs()[key(a)];
  if (!one) one = std::make_unique<Lab>(key(a).first, key(a).second);
  return *one;
}

// All points at t = 0, then at t = 1, ...; then the curve of the shape that each is nearest to at
// t = 0.
Numbers path(const Lab& here, const std::vector<Matrix<float>>& frames) {
  Numbers out;
  for (const Matrix<float>& frame : frames)
    out.insert(out.end(), frame.data(), frame.data() + frame.size());
  for (Index i = 0; i < shown; ++i) {
    out.push_back(here.shape().nearest_curve(frames[0](0, i), frames[0](1, i)));
  }
  return out;
}

// Each takes shape and schedule first.

// -> how many points a path has, T; alpha_bar_t for t = 0 .. T; log SNR for t = 1 .. T
Numbers schedule(const Numbers& a) {
  const elbo::NoiseSchedule& here = lab(a).schedule();
  Numbers out{static_cast<double>(shown), static_cast<double>(here.steps())};
  for (int t = 0; t <= here.steps(); ++t) out.push_back(here.alpha_bar(t));
  for (int t = 1; t <= here.steps(); ++t) out.push_back(here.log_snr(t));
  return out;
}

Numbers forward(const Numbers& a) {
  return path(lab(a), lab(a).forward(shown));
}

Numbers reverse(const Numbers& a) {
  return path(lab(a), lab(a).reverse(shown));
}

// -> training steps done, and planned
Numbers steps(const Numbers& a) {
  return {static_cast<double>(lab(a).steps()), static_cast<double>(Lab::planned())};
}

// and how many more -> the same
Numbers train(const Numbers& a) {
  lab(a).train(static_cast<int>(a[2]));
  return steps(a);
}

Numbers forget(const Numbers& a) {
  labs().erase(key(a));
  return steps(a);
}

// -> ELBO and true log p of the test points, nats a point; their difference and its standard error
Numbers judge(const Numbers& a) {
  const Lab::Verdict verdict = lab(a).judge();
  return {verdict.elbo, verdict.log_prob, verdict.gap, verdict.standard_error};
}

}  // namespace

Calls diffusion_calls() {
  const std::vector<Argument> which = {{"shape", 0, 2, whole}, {"schedule", 0, 1, whole}};
  return {{"diffusion_schedule", {which, schedule}},
          {"diffusion_forward", {which, forward}},
          {"diffusion_reverse", {which, reverse}},
          {"diffusion_steps", {which, steps}},
          {"diffusion_train", {{which[0], which[1], {"steps", 1, 10000, whole}}, train}},
          {"diffusion_forget", {which, forget}},
          {"diffusion_judge", {which, judge}}};
}

Gifts diffusion_gifts() {
  return {};
}

}  // namespace interactive
