// Chapter 10, section 4: the bound by two roads, the samples by their distance, with fewer layers.
#include <algorithm>
#include <cmath>
#include <string>

#include "judge.hpp"

namespace chapter {

using elbo::Denoiser;
using elbo::DiagonalNormal;
using elbo::Diffusion;
using elbo::Index;
using elbo::Matrix;
using elbo::NoiseSchedule;

Judge::Judge(const Run& r, Index n, Index m)
    : run(r),
      shape(r.options.shape),
      test(shape.draw(n, r.seed, testing)),
      data(shape.draw(m, r.seed, fresh)),
      log_prob(shape.log_prob(test.cast<double>())) {}

elbo::Average Judge::shortfall(const Bound& bound) const {
  std::vector<double> gap;
  for (Index i = 0; i < test.cols(); ++i) {
    gap.push_back(log_prob(i) - bound.elbo[static_cast<std::size_t>(i)]);
  }
  return elbo::Average(gap);
}

elbo::Average Judge::distance_to(const Matrix<float>& samples) const {
  constexpr int blocks = 8;
  return distance(samples, data, blocks, run.threads);
}

Verdict::Verdict(const Judge& judge, const Denoiser<float>& denoiser)
    : bound(
          bound_of(denoiser, denoiser.diffusion(), judge.test, judge.run.seed, judge.run.threads)),
      gap(judge.shortfall(bound)),
      distance(judge.distance_to(Ancestral{denoiser, denoiser.diffusion(), judge.run.seed}.sample(
          judge.data.cols(), judge.run.threads))) {}

void Verdict::report(const Run& run, const std::string& name) const {
  run.report.result(name + "_elbo", bound.average().mean);
  run.report.result(name + "_gap", gap.mean);
  run.report.result(name + "_gap_se", gap.standard_error);
  run.report.result(name + "_distance", distance.mean);
  run.report.result(name + "_distance_se", distance.standard_error);
}

// [by-paths]
elbo::Average bound_by_paths(const Run& run, const Denoiser<float>& trained,
                             const Matrix<double>& x0) {
  const Diffusion& chain = trained.diffusion();
  const NoiseSchedule& schedule = chain.schedule();
  Denoiser<double> denoiser(trained.options(), chain, run.seed);
  denoiser.parameters = trained.parameters.cast<double>();
  constexpr Index width = 64;
  std::vector<double> values(static_cast<std::size_t>(x0.cols()));
  run.threads.run(static_cast<int>((x0.cols() + width - 1) / width), [&](int task) {
    const Index first = task * width, n = std::min(width, x0.cols() - first);
    Matrix<double> x = x0.middleCols(first, n);
    elbo::RowVector<double> log_weight = elbo::RowVector<double>::Zero(n);
    for (int t = 1; t <= chain.steps(); ++t) {
      const DiagonalNormal<double> q{
          std::sqrt(1 - schedule.beta(t)) * x,
          Matrix<double>::Constant(x.rows(), n, std::log(schedule.beta(t)))};
      const elbo::Random random(run.seed, elbo::Stream::play, 1000 + std::uint64_t(t));
      const Matrix<double> next =
          q.rsample(random.normal<double>(x.rows(), n, std::uint64_t(first * x.rows())));
      const auto p = chain.reverse(next, denoiser.predict_noise(next, schedule, t), t);
      log_weight += p.log_prob(x) - q.log_prob(next);
      x = next;
    }
    log_weight += DiagonalNormal<double>::standard(x.rows(), n).log_prob(x);
    for (Index i = 0; i < n; ++i) values[static_cast<std::size_t>(first + i)] = log_weight(i);
  });
  return elbo::Average(values);
}
// [by-paths]

// [fewer-steps]
void fewer_steps(const Judge& judge, const Denoiser<float>& denoiser, const Verdict& all) {
  const Run& run = judge.run;
  elbo::Table table({"steps", "gap", "gap_se", "distance", "distance_se"});
  const auto add = [&](int steps, const elbo::Average& gap, const elbo::Average& far) {
    table.add({double(steps), gap.mean, gap.standard_error, far.mean, far.standard_error});
  };
  for (const int steps : {5, 10, 20, 50, 100, 200, 500}) {
    if (steps >= run.options.steps) break;
    const Diffusion chain(denoiser.diffusion().schedule().respaced(steps),
                          run.options.reverse_variance());
    const Bound bound = bound_of(denoiser, chain, judge.test, run.seed, run.threads);
    const Ancestral sampler{denoiser, chain, run.seed};
    add(steps, judge.shortfall(bound),
        judge.distance_to(sampler.sample(judge.data.cols(), run.threads)));
  }
  add(run.options.steps, all.gap, all.distance);
  // [fewer-steps]
  run.report.csv("steps", table);
  const double gap = table.columns()[1].values[0], far = table.columns()[3].values[0];
  // (A quick run trains for less than a tenth as long, and its network loses more.)
  const double part = run.quick ? 0.75 : 0.25;
  run.report.claim_at_most("eq:respaced",
                           "all layers lose a part of what 5 layers lose: a quarter at most" +
                               std::string(run.quick ? " (quick: three)" : ""),
                           part * gap, all.gap.mean);
  run.report.claim_at_most("eq:ancestral-sampling",
                           "and their samples are nearer, by 3 standard errors and more", far,
                           all.distance.mean + 3 * std::hypot(all.distance.standard_error,
                                                              table.columns()[4].values[0]));
  run.report.result("plane_gap_5_steps", gap);
  run.report.result("plane_distance_5_steps", far);
}

}  // namespace chapter
