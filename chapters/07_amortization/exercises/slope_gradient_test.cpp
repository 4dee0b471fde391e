#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd slope_gradient(const MatrixXd& uphill, const MatrixXd& eps, const VectorXd& log_variance,
                        const MatrixXd& slopes);

namespace {

/// A bent log p(x, z), a banana in each pair of neighbours, so that no two draws pull alike.
double log_joint(const VectorXd& z) {
  double sum = -0.5 * (z(0) - 0.3) * (z(0) - 0.3);
  for (Eigen::Index j = 1; j < z.size(); ++j) {
    const double off = z(j) - 0.4 * z(j - 1) * z(j - 1) + 0.7;
    sum -= 0.8 * off * off;
  }
  return sum;
}

/// The numbers of q, as `slope_gradient` returns their gradient: m, log s^2, A.
struct Q {
  MatrixXd numbers, eps;

  VectorXd draw(Eigen::Index i) const {
    VectorXd z(eps.rows());
    for (Eigen::Index r = 0; r < z.size(); ++r) {
      double moved = eps(r, i);
      for (Eigen::Index c = 0; c < r; ++c) moved += numbers(r, 2 + c) * eps(c, i);
      z(r) = numbers(r, 0) + std::exp(0.5 * numbers(r, 1)) * moved;
    }
    return z;
  }
  double elbo() const {  // up to a constant
    double sum = 0.5 * numbers.col(1).sum();
    for (Eigen::Index i = 0; i < eps.cols(); ++i) {
      sum += log_joint(draw(i)) / static_cast<double>(eps.cols());
    }
    return sum;
  }
};

constexpr double tiny = 1e-5;

/// The reader's gradient against difference quotients of the ELBO, at the same draws.
void compare(const std::string& where, const Q& q) {
  const Eigen::Index d = q.eps.rows(), k = q.eps.cols();
  MatrixXd uphill(d, k), right = MatrixXd::Zero(d, 2 + d);
  for (Eigen::Index i = 0; i < k; ++i) {
    for (Eigen::Index r = 0; r < d; ++r) {
      const VectorXd there = q.draw(i), step = tiny * VectorXd::Unit(d, r);
      uphill(r, i) = (log_joint(there + step) - log_joint(there - step)) / (2 * tiny);
    }
  }
  for (Eigen::Index c = 0; c < 2 + d; ++c) {
    for (Eigen::Index r = c < 2 ? 0 : c - 1; r < d; ++r) {  // of A only below the diagonal
      Q above = q, below = q;
      above.numbers(r, c) += tiny;
      below.numbers(r, c) -= tiny;
      right(r, c) = (above.elbo() - below.elbo()) / (2 * tiny);
    }
  }
  MatrixXd no_entropy = right, log_scale = right, no_scale = right, flipped = right, full = right,
           upright = right;
  no_entropy.col(1).array() -= 0.5;
  log_scale.col(1) *= 2;
  MatrixXd sum = static_cast<double>(k) * right;
  sum.col(1).array() -= 0.5 * static_cast<double>(k - 1);  // the entropy is not summed
  for (Eigen::Index r = 0; r < d; ++r) {
    const double scale = std::exp(0.5 * q.numbers(r, 1));
    no_scale.row(r).tail(d) /= scale;
    for (Eigen::Index i = 0; i < k; ++i) {
      const double pull = uphill(r, i) * scale / static_cast<double>(k);
      for (Eigen::Index c = r; c < d; ++c) full(r, 2 + c) += pull * q.eps(c, i);
      for (Eigen::Index c = 0; c < r; ++c) {
        upright(r, 1) -= 0.5 * pull * q.numbers(r, 2 + c) * q.eps(c, i);
      }
    }
  }
  flipped.rightCols(d) = right.rightCols(d).transpose().eval();
  // Tolerance: difference quotients of a polynomial of degree four, h^2 and rounding / h.
  teacher::expect(
      where, slope_gradient(uphill, q.eps, q.numbers.col(1), q.numbers.rightCols(d)), right, 1e-7,
      {{no_entropy,
        "Column 1 has the pull of log p(x, z). What keeps q from shrinking to a point?"},
       {log_scale, "That is the gradient in log s. How much of a step in log s^2 does log s see?"},
       {sum, "Summed over the draws: the ELBO is an expectation, of which they are samples."},
       {no_scale, "The slopes' gradient lacks a factor a row: A moves z by diag(s) A eps."},
       {flipped,
        "The slopes' gradient is transposed: in z_r = ... + s_r A_rc eps_c, which index is the "
        "row?"},
       {full, "A has no entries on or above its diagonal. Whose gradient is it there?"},
       {upright,
        "Column 1 as if A were 0: by how much does z_j - m_j grow with s_j, slopes and all?"}});
}

}  // namespace

TEST_CASE("one code") {
  Q q{MatrixXd::Zero(1, 3), MatrixXd(1, 2)};
  q.eps << 1.5, -0.5;
  compare("one code, q = N(0, 1), two draws", q);
  q.numbers << 0.5, std::log(0.25), 0;
  q.eps << 1.3, -0.4;
  compare("one code, scale 1/2", q);
}

TEST_CASE("with slopes") {
  Q q{MatrixXd(2, 4), MatrixXd(2, 3)};
  q.eps << 0.3, -1.2, 0.8, 1.1, 0.2, -0.9;
  q.numbers << 0, 0, 0, 0, 0, 0, 0, 0;
  compare("two codes, slopes 0 and scales 1", q);
  q.numbers << 0.2, 0.4, 0, 0, -0.5, -1, 0.7, 0;
  compare("two codes with a slope", q);

  Q three{MatrixXd(3, 5), MatrixXd(3, 4)};
  three.eps << 0.3, -1.2, 0.8, 0.1, 1.1, 0.2, -0.9, -1.4, -0.6, 0.7, 1.5, 0.4;
  three.numbers << 0.1, -0.3, 0, 0, 0, -0.4, 0.5, 0.6, 0, 0, 0.9, -0.8, -0.2, 0.5, 0;
  compare("three codes with three slopes", three);
}
