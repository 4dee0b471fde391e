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
  const Index dimension = x.rows(), n = x.cols();
  if (d < 1 || d >= dimension || n < dimension) {
    throw std::invalid_argument("ppca_maximum_likelihood: wanted 0 < d < D <= n");
  }
  const Vector<double> mean = x.rowwise().mean();
  const Matrix<double> centred = x.colwise() - mean;
  const Matrix<double> covariance = centred * centred.transpose() / static_cast<double>(n);
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> eigen(covariance);  // in rising order
  const double noise_variance = eigen.eigenvalues().head(dimension - d).mean();
  const Vector<double> scale =
      (eigen.eigenvalues().tail(d).array() - noise_variance).max(0.0).sqrt();
  return {eigen.eigenvectors().rightCols(d) * scale.asDiagonal(), mean, noise_variance};
}

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

}  // namespace elbo
