// Chapter 7, section 5: log p(x) of one image by draws from q, when q looks in the wrong place.
#include <cmath>

#include "elbo/estimators.hpp"
#include "elbo/statistics.hpp"
#include "inference.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;

// [importance]
// log (1/k) sum_j p(x, z_j) / q(z_j) for each image, z_j from its q.
RowVector<double> estimate(const Run& run, const elbo::Vae<float>& vae, const Matrix<float>& x,
                           const Family& family, const Matrix<float>& phi, Index k) {
  RowVector<double> value(x.cols());
  run.threads.run(static_cast<int>(x.cols()), [&](int image) {
    const elbo::Random random(run.seed, elbo::Stream::evaluation,
                              std::uint64_t{3} << 32 | static_cast<std::uint64_t>(image));
    const Matrix<float> eps = random.normal<float>(2, k);
    const Matrix<float> own = phi.col(image), picture = x.col(image);
    const Matrix<float> z = family.rsample(own, eps);
    const RowVector<double> log_weight =
        log_joint(vae, picture, z) - family.log_prob(own, eps).cast<double>();
    elbo::LogMeanExp mean;
    for (const double w : log_weight) mean.add(w);
    value(image) = mean.value();
  });
  return value;
}
// [importance]

}  // namespace

void importance(const Run& run, const Trained& trained, const Answers& answers) {
  const Index k = run.quick ? 500 : 1000;
  const auto miss = [&](const Family& family, const Matrix<float>& phi) {
    return RowVector<double>(answers.log_evidence -
                             estimate(run, trained.vae, trained.unseen, family, phi, k));
  };
  const RowVector<double> encoder = miss(mean_field, answers.encoder);
  const RowVector<double> refined = miss(mean_field, answers.refined);
  const RowVector<double> per_datum = miss(mean_field, answers.per_datum);
  const RowVector<double> full = miss(full_covariance, answers.full_per_datum);
  for (const auto& [name, misses] : {std::pair{"encoder", &encoder},
                                     {"refined", &refined},
                                     {"per_datum", &per_datum},
                                     {"full", &full}}) {
    run.report.result(std::string("importance_") + name + "_worst_miss", misses->maxCoeff());
    run.report.result(std::string("importance_") + name + "_worst_excess", -misses->minCoeff());
    run.report.result(std::string("importance_") + name + "_mean_miss", misses->mean());
    run.report.result(std::string("importance_") + name + "_missed_by_a_nat",
                      static_cast<double>((misses->array() > 1).count()));
  }
  run.report.result("importance_samples", static_cast<double>(k));
  if (!trained.digits) return;
  // A single estimate may lie above log p(x), by chance, and with few heavy weights by a nat or
  // more. Its logarithm's expectation may not (Jensen).
  const elbo::Average low(std::vector<double>(encoder.begin(), encoder.end()));
  run.report.claim_at_least("eq:importance-misses-below",
                            "draws from the encoder: log p(x) - estimate, mean, at least 0", 0,
                            low.mean, 4 * low.standard_error);
  run.report.claim_at_most("eq:importance-refined",
                           "from the climbed q the worst miss is below half a nat", 0.5,
                           full.maxCoeff());
  run.report.claim_at_most("eq:importance-encoder",
                           "and smaller than the worst miss from the encoder", encoder.maxCoeff(),
                           full.maxCoeff());
}

}  // namespace chapter
