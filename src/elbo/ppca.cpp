#include "elbo/ppca.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <stdexcept>

#include "elbo/shape.hpp"
#include "elbo/special.hpp"

namespace elbo {
namespace {

// M = W'W + noise_variance I.
Matrix<double> inner_matrix(const Ppca& model) {
  Matrix<double> m = model.weight.transpose() * model.weight;
  m.diagonal().array() += model.noise_variance;
  return m;
}

// Of the sample covariance, eigenvalues in rising order.
using Spectrum = Eigen::SelfAdjointEigenSolver<Matrix<double>>;
Spectrum sample_spectrum(const Matrix<double>& x) {
  const Vector<double> mean = x.rowwise().mean();
  const Matrix<double> centred = x.colwise() - mean;
  const Matrix<double> covariance = centred * centred.transpose() / static_cast<double>(x.cols());
  return Spectrum(covariance);
}

// W = U_d (L_d - noise_variance I)_+^(1/2).
Ppca fit_to(const Spectrum& spectrum, const Matrix<double>& x, Index d, double noise_variance) {
  const Vector<double> scale =
      (spectrum.eigenvalues().tail(d).array() - noise_variance).max(0.0).sqrt();
  return {spectrum.eigenvectors().rightCols(d) * scale.asDiagonal(), x.rowwise().mean(),
          noise_variance};
}

}  // namespace

Normal<double> Ppca::marginal() const {
  Matrix<double> covariance = weight * weight.transpose();
  covariance.diagonal().array() += noise_variance;
  return {mean, covariance};
}

RowVector<double> Ppca::log_joint(const Matrix<double>& x, const Matrix<double>& z) const {
  check_shape("Ppca::log_joint: z", z, weight.cols(), x.cols());
  const Matrix<double> predicted = (weight * z).colwise() + mean;
  const Matrix<double> log_variance =
      Matrix<double>::Constant(x.rows(), x.cols(), std::log(noise_variance));
  const DiagonalNormal<double> observation{predicted, log_variance};
  return observation.log_prob(x) + DiagonalNormal<double>::standard(z.rows(), z.cols()).log_prob(z);
}

Matrix<double> Ppca::posterior_mean(const Matrix<double>& x) const {
  check_rows("Ppca::posterior_mean: x", x, mean.size());
  return inner_matrix(*this).llt().solve(weight.transpose() * (x.colwise() - mean));
}

Matrix<double> Ppca::posterior_covariance() const {
  const Index d = weight.cols();
  return noise_variance * inner_matrix(*this).llt().solve(Matrix<double>::Identity(d, d));
}

RowVector<double> Ppca::elbo(const Matrix<double>& x, const DiagonalNormal<double>& q) const {
  check_shape("Ppca::elbo: q", q.mean, weight.cols(), x.cols());
  const Matrix<double> residual = (x - weight * q.mean).colwise() - mean;
  const Matrix<double> spread =
      weight.array().square().matrix() * q.log_variance.array().exp().matrix();
  const RowVector<double> squares = residual.colwise().squaredNorm() + spread.colwise().sum();
  const double constant =
      static_cast<double>(mean.size()) * (log_two_pi + std::log(noise_variance));
  const RowVector<double> reconstruction = -0.5 * (squares.array() / noise_variance + constant);
  return reconstruction - kl_from_standard_normal(q);
}

RowVector<double> Ppca::log_joint_gradient(const Matrix<double>& x, const Matrix<double>& z,
                                           Matrix<double>& dz) const {
  const RowVector<double> log_p = log_joint(x, z);
  const Matrix<double> residual = (x - weight * z).colwise() - mean;
  dz = weight.transpose() * residual / noise_variance - z;
  return log_p;
}

DiagonalNormal<double> Ppca::mean_field_posterior(const Matrix<double>& x) const {
  const Vector<double> precision = inner_matrix(*this).diagonal() / noise_variance;
  return {posterior_mean(x), (-precision.array().log()).matrix().replicate(1, x.cols())};
}

double Ppca::approximation_gap() const {
  const Matrix<double> precision = inner_matrix(*this) / noise_variance;
  const Matrix<double> root = precision.llt().matrixL();
  return 0.5 * precision.diagonal().array().log().sum() - root.diagonal().array().log().sum();
}

RowVector<double> Ppca::amortization_gap(const Matrix<double>& x,
                                         const DiagonalNormal<double>& q) const {
  check_shape("Ppca::amortization_gap: q", q.mean, weight.cols(), x.cols());
  const Matrix<double> precision = inner_matrix(*this) / noise_variance;
  const Matrix<double> off = q.mean - posterior_mean(x);
  const Matrix<double> ratio =
      precision.diagonal().asDiagonal() * q.log_variance.array().exp().matrix();  // P_jj s_j^2
  const Matrix<double> spread = ratio.array() - 1.0 - ratio.array().log();
  return 0.5 * (off.cwiseProduct(precision * off) + spread).colwise().sum();
}

Ppca ppca_maximum_likelihood(const Matrix<double>& x, Index d) {
  const Index dimension = x.rows();
  if (d < 1 || d >= dimension || x.cols() < dimension) {
    throw std::invalid_argument("ppca_maximum_likelihood: wanted 0 < d < D <= n");
  }
  const Spectrum spectrum = sample_spectrum(x);
  return fit_to(spectrum, x, d, spectrum.eigenvalues().head(dimension - d).mean());
}

Ppca ppca_maximum_likelihood(const Matrix<double>& x, Index d, double noise_variance) {
  if (d < 1 || d > x.rows() || x.cols() < 1 || !(noise_variance > 0)) {
    throw std::invalid_argument(
        "ppca_maximum_likelihood: wanted 0 < d <= D, samples and noise_variance > 0");
  }
  return fit_to(sample_spectrum(x), x, d, noise_variance);
}

// [ppca-em]
Ppca ppca_em_step(const Ppca& model, const Matrix<double>& x) {
  const double n = static_cast<double>(x.cols());
  const Matrix<double> centred = x.colwise() - model.mean;

  // E-step: the posterior's first and second moments, E[z] for each x and sum of E[z z'].
  const Matrix<double> code = model.posterior_mean(x);
  const Matrix<double> second = n * model.posterior_covariance() + code * code.transpose();

  // M-step: least squares on the expected codes, then what is left over.
  Ppca next = model;
  next.weight = second.llt().solve(code * centred.transpose()).transpose();
  const double explained = 2.0 * (next.weight * code).cwiseProduct(centred).sum() -
                           (second * next.weight.transpose() * next.weight).trace();
  next.noise_variance = (centred.squaredNorm() - explained) / (n * static_cast<double>(x.rows()));
  return next;
}
// [ppca-em]

}  // namespace elbo
