// Chapter 5: the KL term taken apart, in the plane.
#include <algorithm>
#include <cmath>

#include "elbo/special.hpp"
#include "elbo/statistics.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Vector;
using Point = Eigen::Array2d;

// [aggregate]
// The mixture of all q(z | x): where the encoder puts the data set as a whole.
struct Aggregate {
  explicit Aggregate(const elbo::DiagonalNormal<float>& codes)
      : mean(codes.mean.cast<double>()),
        scale((0.5 * codes.log_variance.cast<double>().array()).exp()) {}

  double log_component(Index i, const Point& z) const {
    const Point t = (z - mean.col(i).array()) / scale.col(i).array();
    return -0.5 * t.square().sum() - scale.col(i).array().log().sum() - elbo::log_two_pi;
  }
  double log_density(const Point& z) const {
    Vector<double> terms(mean.cols());
    for (Index i = 0; i < terms.size(); ++i) terms(i) = log_component(i, z);
    return elbo::log_mean_exp(terms);
  }
  Point at(Index i, const Point& t) const { return mean.col(i).array() + scale.col(i).array() * t; }

  Matrix<double> mean, scale;  // 2 x n
};
// [aggregate]

// KL(aggregate || prior) = the mean over components of E_q(z|x) [log aggregate - log prior], each
// on a grid of its own, half its scale apart, out to 6 scales.
double kl_by_quadrature(const Run& run, const Aggregate& aggregate) {
  constexpr int reach = 12;
  std::vector<double> share(static_cast<std::size_t>(aggregate.mean.cols()));
  run.threads.run(static_cast<int>(share.size()), [&](int i) {
    for (int a = -reach; a <= reach; ++a) {
      for (int b = -reach; b <= reach; ++b) {
        const Point t(0.5 * a, 0.5 * b), z = aggregate.at(i, t);
        const double log_prior = -0.5 * z.square().sum() - elbo::log_two_pi;
        const double weight = 0.25 * std::exp(-0.5 * t.square().sum() - elbo::log_two_pi);
        share[static_cast<std::size_t>(i)] += weight * (aggregate.log_density(z) - log_prior);
      }
    }
  });
  return elbo::Average(share).mean;
}

// Mutual information of image and code by sampling: how much more z knows of its own image than of
// any. The error is that of the draws, image by image.
struct Information {
  double value = 0, error = 0;
};
Information mutual_information(const Run& run, const Aggregate& aggregate) {
  constexpr Index draws = 20;
  std::vector<double> value(static_cast<std::size_t>(aggregate.mean.cols())), squares(value);
  run.threads.run(static_cast<int>(value.size()), [&](int i) {
    const elbo::Random random(run.seed, elbo::Stream::play, 100 + static_cast<std::uint64_t>(i));
    const Matrix<double> eps = random.normal<double>(2, draws);
    std::vector<double> more;
    for (Index l = 0; l < draws; ++l) {
      const Point z = aggregate.at(i, eps.col(l).array());
      more.push_back(aggregate.log_component(i, z) - aggregate.log_density(z));
    }
    const elbo::Average mean(more);
    value[static_cast<std::size_t>(i)] = mean.mean;
    squares[static_cast<std::size_t>(i)] = mean.standard_error * mean.standard_error;
  });
  const double n = static_cast<double>(value.size());
  return {elbo::Average(value).mean, std::sqrt(elbo::Average(squares).mean / n)};
}

}  // namespace

void take_kl_apart(const Run& run, const elbo::Vae<float>& vae) {
  const Index n = std::min<Index>(run.quick ? 100 : 300, run.data.test.count);
  const elbo::DiagonalNormal<float> codes = vae.encode(run.data.test.block<float>(0, n));
  const Aggregate aggregate(codes);
  const double kl = static_cast<double>(kl_from_standard_normal(codes).mean());
  const double from_prior = kl_by_quadrature(run, aggregate);
  const Information information = mutual_information(run, aggregate);
  run.report.claim("eq:kl-mutual-information",
                   "mean KL = mutual information + KL(aggregate || prior), 5 standard errors", kl,
                   information.value + from_prior, 5 * information.error + 1e-5 * kl);
  run.report.result("plane_kl", kl);
  run.report.result("plane_mutual_information", information.value);
  run.report.result("plane_kl_aggregate", from_prior);
}

}  // namespace chapter
