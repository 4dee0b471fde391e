// Chapter 5: why the decoder's covariance may be diagonal. Its pixels are independent once the code
// is known; the code, which they all share, is what makes them go together.
#include <algorithm>
#include <cmath>

#include "elbo/ppca.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Vector;

// [two-pixels]
// Two pixels that follow one code: x = W z + noise, the noise of each its own. The covariance of
// draws of x, for codes from the prior and for one code.
Matrix<double> drawn_covariance(const elbo::Ppca& model, const Matrix<double>& z,
                                const Matrix<double>& noise) {
  const Matrix<double> x = model.weight * z + std::sqrt(model.noise_variance) * noise;
  const Matrix<double> centred = x.colwise() - Vector<double>(x.rowwise().mean());
  return centred * centred.transpose() / static_cast<double>(x.cols());
}
// [two-pixels]

void two_pixels(const Run& run) {
  const elbo::Ppca model{Matrix<double>{{1.0}, {0.8}}, Vector<double>::Zero(2), 0.25};
  constexpr Index n = 100000;
  const elbo::Random random(run.seed, elbo::Stream::play, 400);
  const Matrix<double> z = random.normal<double>(1, n), noise = random.normal<double>(2, n, n);
  const Matrix<double> marginal = drawn_covariance(model, z, noise);
  const Matrix<double> given = drawn_covariance(model, Matrix<double>::Constant(1, n, 1.3), noise);
  // Of a covariance of n normal draws: sqrt((v_1 v_2 + c^2) / n).
  const Matrix<double> c = model.marginal().covariance();
  const double error = std::sqrt((c(0, 0) * c(1, 1) + c(0, 1) * c(0, 1)) / n);
  run.report.claim("eq:diagonal-given-code", "pPCA, one code: covariance of two pixels, 5 errors",
                   0, given(0, 1), 5 * model.noise_variance / std::sqrt(n));
  run.report.claim("eq:marginal-not-diagonal",
                   "pPCA, codes from the prior: their covariance = (W W')_12, 5 errors",
                   model.weight(0) * model.weight(1), marginal(0, 1), 5 * error);
}

// [neighbours]
// Over all pairs of pixels side by side: the sum of their covariances over that of their variances.
// The error is what it would be if all pixels were independent.
struct Neighbours {
  double correlation = 0, error = 0;
};
Neighbours neighbours(const Matrix<float>& x, Index cols) {
  const Matrix<double> pixels = x.cast<double>();
  const Matrix<double> centred = pixels.colwise() - Vector<double>(pixels.rowwise().mean());
  const Vector<double> squares = centred.rowwise().squaredNorm();
  double together = 0, alone = 0, chance = 0;
  for (Index i = 0; i + 1 < x.rows(); ++i) {
    if ((i + 1) % cols == 0) continue;  // the end of a row has no neighbour
    together += centred.row(i).dot(centred.row(i + 1));
    alone += 0.5 * (squares(i) + squares(i + 1));
    chance += squares(i) * squares(i + 1) / static_cast<double>(x.cols());
  }
  return {together / alone, std::sqrt(chance) / alone};
}
// [neighbours]

// Every pixel white with its probability.
Matrix<float> drawn(const Matrix<float>& probability, const elbo::Random& random) {
  const Matrix<float> u = random.uniform<float>(probability.rows(), probability.cols());
  return (u.array() < probability.array()).cast<float>();
}

Matrix<float> probabilities(const elbo::Vae<float>& vae, const Matrix<float>& z) {
  return vae.decode(z).unaryExpr([](float logit) { return 1 / (1 + std::exp(-logit)); });
}

}  // namespace

void covariance(const Run& run, const elbo::Vae<float>& vae) {
  two_pixels(run);
  const Index n = std::min<Index>(2000, run.data.test.count), cols = run.data.test.cols;
  const auto random = [&](std::uint64_t part) {
    return elbo::Random(run.seed, elbo::Stream::play, 401 + part);
  };
  const Matrix<float> codes = random(0).normal<float>(2, n);
  const Matrix<float> one = Matrix<float>::Constant(2, n, 0.5F);
  const Neighbours of_prior = neighbours(drawn(probabilities(vae, codes), random(1)), cols);
  const Neighbours of_one = neighbours(drawn(probabilities(vae, one), random(2)), cols);
  const Neighbours of_data = neighbours(drawn(run.data.test.block<float>(0, n), random(3)), cols);
  run.report.result("neighbours_one_code", of_one.correlation);
  run.report.result("neighbours_prior", of_prior.correlation);
  run.report.result("neighbours_data", of_data.correlation);
  run.report.claim("eq:pixels-independent-given-code",
                   "two codes, one pair held: correlation of pixels side by side, 5 errors", 0,
                   of_one.correlation, 5 * of_one.error);
  if (!run.on_digits()) return;
  run.report.claim_at_least("eq:code-carries-correlation",
                            "codes from the prior: the same, in such errors", 20,
                            of_prior.correlation / of_prior.error);
}

}  // namespace chapter
