// Chapter 7, section 3: one decoder, four inferences, and what each of them loses.
#include <algorithm>
#include <cmath>

#include "elbo/statistics.hpp"
#include "inference.hpp"

namespace chapter {
namespace {

using elbo::Average;
using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;

Average average(const RowVector<double>& values) {
  return Average(std::vector<double>(values.begin(), values.end()));
}

constexpr Index tries = 1000;  // codes that a climb without an encoder looks at first
constexpr int draws = 4;       // of eps, a step
const std::vector<int> stops = {0, 1, 2, 4, 7, 10, 14, 20, 30, 50, 70, 100};
int many_steps(const Run& run) {
  return run.quick ? 150 : 200;
}

// The answers for one set of images, and the ELBO of each.
struct Set {
  Posterior exact;
  Matrix<float> encoder, refined, per_datum;
  RowVector<double> encoder_elbo, refined_elbo, per_datum_elbo;
  RowVector<double> best;            // of all diagonal normals that were found for an image
  Climbed from_encoder, from_prior;  // long climbs

  RowVector<double> approximation_gap() const { return exact.log_evidence - best; }
  RowVector<double> amortization_gap() const { return best - encoder_elbo; }
};

// [four]
Set infer(const Run& run, const ChapterOptions& o, const elbo::Vae<float>& vae,
          const Matrix<float>& x, std::uint64_t number) {
  const Climb few{o.refine, draws, 0.1, 10 * number + 1};
  const Climb many{many_steps(run), draws, 0.1, 10 * number + 2, stops};

  Set set;
  set.exact = by_quadrature(run, vae, x, {run.quick ? 201 : 401});
  set.encoder = encode(vae, x);
  set.refined = climb(run, vae, x, mean_field, set.encoder, few).phi;
  const Matrix<float> start = best_of_prior(run, vae, x, mean_field, tries, 0.2);
  set.from_prior = climb(run, vae, x, mean_field, start, many);
  set.per_datum = set.from_prior.phi;
  // [four]
  set.encoder_elbo = elbo_of(run, vae, x, mean_field, set.encoder);
  set.refined_elbo = elbo_of(run, vae, x, mean_field, set.refined);
  set.per_datum_elbo = elbo_of(run, vae, x, mean_field, set.per_datum);

  // A climb ends on the hill where it began. The best diagonal normal is the best we know of: of
  // the three, and of a long climb from the encoder's answer.
  set.from_encoder = climb(run, vae, x, mean_field, set.encoder, many);
  set.best = set.encoder_elbo.cwiseMax(set.refined_elbo)
                 .cwiseMax(set.per_datum_elbo)
                 .cwiseMax(elbo_of(run, vae, x, mean_field, set.from_encoder.phi));
  return set;
}

void add_bars(elbo::Table& table, int which, const Set& set) {
  const Average approximation = average(set.approximation_gap());
  int inference = 0;
  for (const auto* bound : {&set.encoder_elbo, &set.refined_elbo, &set.per_datum_elbo}) {
    const Average rest = average(set.best - *bound);
    const Average whole = average(set.exact.log_evidence - *bound);
    table.add({static_cast<double>(which), static_cast<double>(inference++), approximation.mean,
               rest.mean, whole.standard_error});
  }
}

void tell(const Run& run, const std::string& name, const Set& set) {
  const auto result = [&](const char* what, const RowVector<double>& values) {
    run.report.result(name + "_" + what, average(values).mean);
    run.report.result(name + "_" + what + "_se", average(values).standard_error);
  };
  result("log_evidence", set.exact.log_evidence);
  result("inference_gap", set.exact.log_evidence - set.encoder_elbo);
  result("approximation_gap", set.approximation_gap());
  result("amortization_gap", set.amortization_gap());
  result("refined_gap", set.exact.log_evidence - set.refined_elbo);
  result("per_datum_gap", set.exact.log_evidence - set.per_datum_elbo);
  run.report.result(name + "_worst_inference_gap",
                    (set.exact.log_evidence - set.encoder_elbo).maxCoeff());
}

// What one new image costs, in millions of multiplications of a network's weights.
void costs(const Run& run, const ChapterOptions& o, Index pixels) {
  const double d = static_cast<double>(pixels), h = o.hidden, million = 1e-6;
  const double encode = million * (d * h + 4 * h), decode = million * (2 * h + h * d);
  const double points = std::pow(run.quick ? 201.0 : 401.0, 2), step = 2 * decode * draws;
  run.report.result("cost_exact", points * (decode + million * d));
  run.report.result("cost_per_datum", tries * (decode + million * d) + many_steps(run) * step);
  run.report.result("cost_encoder", encode);
  run.report.result("cost_refined", encode + o.refine * step);
}

// mean > 0, by at least three standard errors of what differs from image to image.
void claim_positive(const Run& run, const char* label, const char* what,
                    const RowVector<double>& values) {
  const Average a = average(values);
  run.report.claim_at_least(label, what, 0, a.mean - 3 * a.standard_error);
}

void claims(const Run& run, const Trained& trained, const Set& seen, const Set& unseen) {
  double refinement = 0, lowest = 1e300;
  for (const Set* set : {&seen, &unseen}) {
    refinement =
        std::max(refinement, (set->exact.log_evidence - set->exact.coarse).cwiseAbs().maxCoeff());
    lowest = std::min(lowest, set->approximation_gap().minCoeff());
  }
  run.report.claim("eq:quadrature-converged",
                   "log p(x) from the grid and from a quarter of its points, worst image", 0,
                   refinement, 0.01);
  // The best q of each image comes nearest to breaking this. Sums of 784 floats: 1e-5 of 150 nats.
  run.report.claim_at_least("eq:inference-gap-positive",
                            "no ELBO is above its log p(x), smallest gap of all images", 0, lowest,
                            2e-3);
  if (!trained.digits) return;
  claim_positive(run, "eq:refine-gains",
                 "refining the encoder's answer gains on unseen images, less 3 standard errors",
                 unseen.refined_elbo - unseen.encoder_elbo);
  claim_positive(run, "eq:amortization-gap-larger",
                 "unseen: amortisation gap - approximation gap, less 3 standard errors",
                 unseen.amortization_gap() - unseen.approximation_gap());
  const Average new_gap = average(unseen.amortization_gap());
  const Average old_gap = average(seen.amortization_gap());
  run.report.claim_at_least(
      "eq:amortization-gap-grows", "amortisation gap, unseen - seen, less 2 standard errors", 0,
      new_gap.mean - old_gap.mean - 2 * std::hypot(new_gap.standard_error, old_gap.standard_error));
  const Average new_shape = average(unseen.approximation_gap());
  const Average old_shape = average(seen.approximation_gap());
  run.report.claim("eq:approximation-gap-stays",
                   "approximation gap, unseen - seen: within 4 standard errors of none", 0,
                   new_shape.mean - old_shape.mean,
                   4 * std::hypot(new_shape.standard_error, old_shape.standard_error));
}

}  // namespace

Answers four_inferences(const Run& run, const ChapterOptions& o, const Trained& trained) {
  const Set seen = infer(run, o, trained.vae, trained.seen, 1);
  const Set unseen = infer(run, o, trained.vae, trained.unseen, 2);
  claims(run, trained, seen, unseen);
  tell(run, "seen", seen);
  tell(run, "unseen", unseen);
  costs(run, o, trained.unseen.rows());

  elbo::Table bars({"unseen", "inference", "approximation_gap", "amortization_gap", "error"});
  add_bars(bars, 0, seen);
  add_bars(bars, 1, unseen);
  run.report.csv("gaps", bars);
  // What is still missing after so many steps, on average over the unseen images.
  elbo::Table path({"step", "from_encoder", "from_prior"});
  const auto missing = [&](const Matrix<float>& phi) {
    const RowVector<double> bound = elbo_of(run, trained.vae, trained.unseen, mean_field, phi);
    return (unseen.exact.log_evidence - bound).mean();
  };
  for (std::size_t stop = 0; stop < stops.size(); ++stop) {
    path.add({static_cast<double>(stops[stop]), missing(unseen.from_encoder.at_stops[stop]),
              missing(unseen.from_prior.at_stops[stop])});
  }
  path.add({static_cast<double>(many_steps(run)), missing(unseen.from_encoder.phi),
            missing(unseen.from_prior.phi)});
  run.report.csv("refinement", path);
  elbo::Table each({"unseen", "log_evidence", "encoder", "refined", "per_datum", "best"});
  for (const Set* set : {&seen, &unseen}) {
    for (Index i = 0; i < set->best.size(); ++i) {
      each.add({set == &unseen ? 1.0 : 0.0, set->exact.log_evidence(i), set->encoder_elbo(i),
                set->refined_elbo(i), set->per_datum_elbo(i), set->best(i)});
    }
  }
  run.report.csv("images", each);

  // A slope for the pair of codes, and the climb goes on from where the diagonal normal stands.
  Matrix<float> full(full_covariance.size(), unseen.per_datum.cols());
  full << unseen.per_datum, RowVector<float>::Zero(full.cols());
  const Climb how{many_steps(run), draws, 0.1, 31};
  return {unseen.exact.log_evidence, unseen.encoder, unseen.refined, unseen.per_datum,
          climb(run, trained.vae, trained.unseen, full_covariance, full, how).phi};
}

}  // namespace chapter
