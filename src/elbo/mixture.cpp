#include "elbo/mixture.hpp"

#include <cmath>
#include <stdexcept>

#include "elbo/shape.hpp"
#include "elbo/special.hpp"

namespace elbo {

// [mixture-elbo]
double mixture_elbo(const Mixture<double>& model, const Matrix<double>& x,
                    const Matrix<double>& responsibilities) {
  const Matrix<double> log_joint = model.log_joint(x);
  check_same_shape("mixture_elbo: responsibilities", responsibilities, log_joint);
  double sum = 0.0;
  for (Index i = 0; i < x.cols(); ++i) {
    for (Index k = 0; k < log_joint.rows(); ++k) {
      const double r = responsibilities(k, i);
      if (r > 0.0) sum += r * (log_joint(k, i) - std::log(r));  // 0 log 0 = 0
    }
  }
  return sum;
}
// [mixture-elbo]

// [e-step]
Matrix<double> e_step(const Mixture<double>& model, const Matrix<double>& x) {
  Matrix<double> r = model.log_joint(x);
  for (Index i = 0; i < x.cols(); ++i) {
    const double log_evidence = log_sum_exp(r.col(i));
    r.col(i) = (r.col(i).array() - log_evidence).exp();
  }
  return r;
}
// [e-step]

// [m-step]
Mixture<double> m_step(const Matrix<double>& x, const Matrix<double>& responsibilities,
                       double ridge) {
  check_shape("m_step: responsibilities", responsibilities, responsibilities.rows(), x.cols());
  Mixture<double> model;
  const Vector<double> counts = responsibilities.rowwise().sum();
  if (!(counts.array() > 0.0).all()) {
    throw std::invalid_argument("m_step: a component has lost all its points; start elsewhere");
  }
  model.weights.logits = (counts.array() / static_cast<double>(x.cols())).log();
  for (Index k = 0; k < counts.size(); ++k) {
    const RowVector<double> r = responsibilities.row(k) / counts(k);
    const Vector<double> mean = x * r.transpose();
    const Matrix<double> centred = x.colwise() - mean;
    Matrix<double> covariance = centred * r.asDiagonal() * centred.transpose();
    covariance.diagonal().array() += ridge;
    model.components.emplace_back(mean, covariance);
  }
  return model;
}
// [m-step]

}  // namespace elbo
