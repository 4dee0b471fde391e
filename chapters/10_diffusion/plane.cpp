// Chapter 10, section 4: a network on points in the plane. Their density is known, so the bound has
// a ceiling that we can see; and points can be drawn without end, so the samples can be judged.
#include <algorithm>
#include <cmath>
#include <string>

#include "judge.hpp"

namespace chapter {
namespace {

using elbo::Denoiser;
using elbo::DiagonalNormal;
using elbo::Diffusion;
using elbo::Index;
using elbo::Matrix;
using elbo::Vector;

Denoiser<float> trained(const Run& run, const Matrix<float>& x, elbo::NoiseLoss loss) {
  const Diffusion chain(run.options.noise_schedule(), run.options.reverse_variance());
  // [model]
  Denoiser<float> denoiser({.dimension = 2, .hidden = {128, 128, 128}, .loss = loss}, chain,
                           run.seed);
  // [model]
  const std::string name = loss == elbo::NoiseLoss::simple ? "simple loss" : "ELBO weights";
  train_with_progress(run, name, denoiser, x, run.options.epochs);
  return denoiser;
}

// [gradient]
// The slope of the loss along random directions: backpropagation's, and a difference quotient's.
double worst_slope_error(const Run& run, const Matrix<double>& x) {
  double worst = 0;
  for (const auto loss : {elbo::NoiseLoss::simple, elbo::NoiseLoss::elbo}) {
    const Diffusion chain(run.options.noise_schedule(), run.options.reverse_variance());
    Denoiser<double> net({.dimension = 2, .hidden = {9, 7}, .loss = loss}, chain, run.seed);
    const elbo::Random random(run.seed, elbo::Stream::play, 20);
    const Matrix<double> noise = random.normal<double>(3, x.cols());
    const std::vector<int> steps = net.steps(noise.row(2));
    const auto objective = [&] {  // by the closed form of xt and the network's guess alone
      double sum = 0;
      for (Index i = 0; i < x.cols(); ++i) {
        const int t = steps[static_cast<std::size_t>(i)];
        const Matrix<double> eps = noise.col(i).head(2), x0 = x.col(i);
        const Matrix<double> xt = chain.schedule().forward(x0, t).rsample(eps);
        const double square = (eps - net.predict_noise(xt, chain.schedule(), t)).squaredNorm();
        const bool weighted = loss == elbo::NoiseLoss::elbo;
        sum += square * (weighted ? chain.steps() * chain.noise_weight(t) : 1.0);
      }
      return sum;
    };
    Denoiser<double>::Workspace workspace;
    net.elbo_errors(x, noise, {}, workspace);
    Vector<double> gradient = Vector<double>::Zero(net.parameters.size());
    for (const auto& layer : net.gradients(x, workspace)) layer.add_to(gradient);

    const Vector<double> at = net.parameters;
    for (std::uint64_t trial = 1; trial <= 3; ++trial) {
      constexpr double h = 1e-6;
      const Vector<double> direction = random.normal<double>(at.size(), 1, trial * 1000000);
      net.parameters = at + h * direction;
      const double up = objective();
      net.parameters = at - h * direction;
      const double slope = (up - objective()) / (2 * h);
      worst = std::max(worst, std::abs(slope - gradient.dot(direction)) / gradient.norm());
    }
  }
  return worst;
}
// [gradient]

elbo::Normal<double> fitted_normal(const Matrix<float>& points) {
  const Matrix<double> x = points.cast<double>();
  const Vector<double> mean = x.rowwise().mean();
  const Matrix<double> off = x.colwise() - mean;
  return {mean, off * off.transpose() / static_cast<double>(x.cols())};
}

// The bound: the same by another road, below the truth, and worth having.
void judge_bound(const Judge& judge, const Denoiser<float>& net, const Verdict& verdict,
                 double log_prob_of_normal) {
  const Run& run = judge.run;
  const Index few = run.quick ? 200 : 1000;
  const elbo::Average paths = bound_by_paths(run, net, judge.test.leftCols(few).cast<double>());
  const std::vector<double>& each = verdict.bound.elbo;
  const elbo::Average terms({each.begin(), each.begin() + few});
  run.report.claim_at_most(
      "eq:diffusion-elbo",
      "the network's bound by terms, and by log p(x_0..x_T) - log q along "
      "paths: apart by standard errors",
      5,
      std::abs(terms.mean - paths.mean) / std::hypot(terms.standard_error, paths.standard_error));
  run.report.claim_at_least("eq:diffusion-bound", "test points: true log p(x) - ELBO, nats a point",
                            0, verdict.gap.mean, 5 * verdict.gap.standard_error);
  const double truth = judge.log_prob.mean();
  run.report.claim_at_least("eq:diffusion-learns",
                            "the ELBO lies 0.3 nats or more above the best normal's log p(x)",
                            log_prob_of_normal + 0.3, verdict.bound.average().mean);
  run.report.result("plane_log_prob", truth);
  run.report.result("plane_normal_log_prob", log_prob_of_normal);
  run.report.result("plane_elbo_by_paths", paths.mean);
  run.report.result("plane_elbo_by_paths_se", paths.standard_error);
}

// The samples: beside a second data set, and beside the best normal's.
void judge_samples(const Judge& judge, const elbo::Normal<double>& normal, const Verdict& verdict) {
  const Run& run = judge.run;
  const Index n = judge.data.cols();
  const elbo::Average of_data = judge.distance_to(judge.shape.draw(n, run.seed, fresh_too));
  const elbo::Random random(run.seed, elbo::Stream::play, 30);
  const elbo::Average of_normal =
      judge.distance_to(normal.rsample(random.normal<double>(2, n)).cast<float>());
  run.report.claim("eq:energy-distance",
                   "two fresh data sets: no distance, within 5 standard errors", 0, of_data.mean,
                   5 * of_data.standard_error);
  run.report.claim_at_most(
      "eq:energy-distance",
      "samples: a tenth of the best normal's distance at most, and 5 standard errors",
      0.1 * of_normal.mean, verdict.distance.mean,
      5 * std::hypot(verdict.distance.standard_error, 0.1 * of_normal.standard_error));
  run.report.result("plane_distance_of_data", of_data.mean);
  run.report.result("plane_distance_of_data_se", of_data.standard_error);
  run.report.result("plane_distance_of_normal", of_normal.mean);
  run.report.result("plane_distance_of_normal_se", of_normal.standard_error);
}

}  // namespace

void plane(const Run& run) {
  const Judge judge(run, run.quick ? 500 : 2000, run.quick ? 2400 : 8000);
  const Matrix<float> x = judge.shape.draw(run.quick ? 20000 : 60000, run.seed, training);
  run.report.claim("eq:denoiser-gradient",
                   "backward = difference quotient, both losses, worst of 3 directions", 0,
                   worst_slope_error(run, judge.test.leftCols(40).cast<double>()), 1e-6);

  // [two-losses]
  const Denoiser<float> simple = trained(run, x, elbo::NoiseLoss::simple);
  const Denoiser<float> by_elbo = trained(run, x, elbo::NoiseLoss::elbo);
  const Verdict of_simple(judge, simple), of_elbo(judge, by_elbo);
  // [two-losses]
  const bool weighted = run.options.loss == "elbo";
  const Denoiser<float>& chosen = weighted ? by_elbo : simple;
  const Verdict& verdict = weighted ? of_elbo : of_simple;
  const elbo::Normal<double> normal = fitted_normal(x);
  judge_bound(judge, chosen, verdict, normal.log_prob(judge.test.cast<double>()).mean());
  judge_samples(judge, normal, verdict);
  fewer_steps(judge, chosen, verdict);
  write_frames(judge, chosen);

  elbo::Table table({"t", "simple", "elbo"});
  for (std::size_t t = 0; t < of_simple.bound.term.size(); ++t) {
    table.add({double(t + 1), of_simple.bound.term[t], of_elbo.bound.term[t]});
  }
  run.report.csv("elbo_terms", table);
  verdict.report(run, "plane");
  of_simple.report(run, "plane_loss_simple");
  of_elbo.report(run, "plane_loss_elbo");
}

}  // namespace chapter
