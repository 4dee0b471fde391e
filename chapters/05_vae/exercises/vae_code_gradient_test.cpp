#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd vae_code_gradient(const MatrixXd& x, const MatrixXd& W, const VectorXd& b,
                           const MatrixXd& mean, const MatrixXd& log_variance, const MatrixXd& eps);

namespace {

struct Model {
  MatrixXd x, W;
  VectorXd b;
  MatrixXd eps, code;  ///< the code: means on top, log-variances below
};

using Half = double (*)(const Model& m, Eigen::Index column);

double code_logit(const Model& m, Eigen::Index pixel, Eigen::Index c) {
  double logit = m.b(pixel);
  for (Eigen::Index j = 0; j < m.eps.rows(); ++j) {
    const double log_variance = m.code(m.eps.rows() + j, c);
    logit += m.W(pixel, j) * (m.code(j, c) + std::exp(log_variance / 2) * m.eps(j, c));
  }
  return logit;
}

double coins(const Model& m, Eigen::Index c) {  // -log p(x | z)
  double sum = 0;
  for (Eigen::Index i = 0; i < m.x.rows(); ++i) {
    const double logit = code_logit(m, i, c);
    sum += m.x(i, c) * std::log1p(std::exp(-logit)) + (1 - m.x(i, c)) * std::log1p(std::exp(logit));
  }
  return sum;
}

double normals(const Model& m, Eigen::Index c) {  // the same for pixels with variance 1
  double sum = 0;
  for (Eigen::Index i = 0; i < m.x.rows(); ++i) {
    sum += std::pow(m.x(i, c) - code_logit(m, i, c), 2) / 2;
  }
  return sum;
}

double price(const Model& m, Eigen::Index c) {  // the KL
  double sum = 0;
  for (Eigen::Index j = 0; j < m.eps.rows(); ++j) {
    const double mean = m.code(j, c), log_variance = m.code(m.eps.rows() + j, c);
    sum += (mean * mean + std::exp(log_variance) - 1 - log_variance) / 2;
  }
  return sum;
}

/// By difference quotients, one number of the code at a time; each column has its own value.
MatrixXd slope(const Model& at, Half half) {
  constexpr double step = 1e-5;
  MatrixXd d(at.code.rows(), at.code.cols());
  for (Eigen::Index c = 0; c < d.cols(); ++c) {
    for (Eigen::Index r = 0; r < d.rows(); ++r) {
      Model up = at, down = at;
      up.code(r, c) += step, down.code(r, c) -= step;
      d(r, c) = (half(up, c) - half(down, c)) / (2 * step);
    }
  }
  return d;
}

void gradient(const std::string& where, const Model& m) {
  const Eigen::Index d = m.eps.rows();
  const MatrixXd log_variance = m.code.bottomRows(d);
  const MatrixXd pixels = slope(m, &coins), kl = slope(m, &price), right = pixels + kl;
  MatrixXd twice = right, no_scale = right, no_one = right;
  twice.bottomRows(d) += pixels.bottomRows(d);
  no_scale.bottomRows(d).array() +=
      pixels.bottomRows(d).array() * ((-0.5 * log_variance.array()).exp() - 1);
  no_one.bottomRows(d).array() += 0.5;
  // Tolerance: a difference quotient with this step is right to nine digits or so.
  teacher::expect(
      where, vae_code_gradient(m.x, m.W, m.b, m.code.topRows(d), log_variance, m.eps), right, 1e-6,
      {{pixels, "Where is the KL? It has a slope of its own, with no noise in it."},
       {twice,
        "The decoder's share by log_variance is twice too large: what is the derivative of "
        "exp(log_variance / 2)?"},
       {no_scale,
        "By log_variance the decoder's share is off by sigma alone: differentiate "
        "exp(log_variance / 2) eps once more, and see what is left standing."},
       {kl - pixels, "The decoder's share goes uphill: J has a minus before log p(x | z)."},
       {no_one,
        "By log_variance all is too large by 1/2: what does it cost a normal of variance 1 "
        "to become a little wider?"},
       {slope(m, &normals) + kl,
        "Your residual is x - logit, and these pixels are coins: what does a coin with this logit "
        "show on average?"}});
}

/// 3 pixels, a code of 2 numbers, 3 samples.
Model small() {
  Model m{MatrixXd(3, 3), MatrixXd(3, 2), VectorXd(3), MatrixXd(2, 3), MatrixXd(4, 3)};
  m.x << 1, 0, 0.3, 0, 0, 1, 1, 0.5, 0;
  m.W << 0.5, -1, 2, 0.3, -0.7, 1.2;
  m.b << 0.1, -0.4, 0.2;
  m.eps << 0.6, -1.3, 0.2, -0.4, 0.9, 1.7;
  m.code << 0.2, -1, 0.5, 1.1, 0.3, -0.6, -1, 0.4, -0.2, 0.7, -2, 0.1;
  return m;
}

}  // namespace

TEST_CASE("one pixel, one number") {
  const auto number = [](double value) { return MatrixXd::Constant(1, 1, value); };
  Model m{number(1), number(0), VectorXd::Zero(1), number(-0.8), MatrixXd(2, 1)};
  m.code << 1, 0.5;
  gradient("1 pixel, 1 code, a decoder that does not listen (W = 0)", m);
  m.W(0) = 2, m.b(0) = 0.3;
  gradient("1 pixel, 1 code, W = 2", m);
}

TEST_CASE("three pixels, two numbers, three samples") {
  gradient("3 pixels, 2 codes, 3 samples", small());
}

TEST_CASE("a mean that stays a mean") {
  // Without noise z is the mean, and the decoder says nothing about the variance.
  Model m = small();
  m.eps.setZero();
  gradient("the same with eps = 0", m);
}
