// A normal by its numbers, mean-field or not: matrices written out, and finite differences.
#include "elbo/variational.hpp"

#include "elbo/distributions.hpp"
#include "elbo/random.hpp"
#include "gradient_check.hpp"

using namespace elbo;

namespace {

const Random numbers(82, Stream::play);

// L of z = mean + L eps, written out for 3 codes.
Matrix<double> root_of(const Vector<double>& phi, bool full) {
  Matrix<double> slopes = Matrix<double>::Identity(3, 3);
  if (full) {
    slopes(1, 0) = phi(6);
    slopes(2, 0) = phi(7);
    slopes(2, 1) = phi(8);
  }
  Matrix<double> scale = Matrix<double>::Zero(3, 3);
  for (Index i = 0; i < 3; ++i) scale(i, i) = std::exp(0.5 * phi(3 + i));
  return scale * slopes;
}

// log p(x, z) of no model in particular: bent, so that nothing in the gradient cancels.
double bent(double a, double b, double c, double shift) {
  return std::sin(a + shift) + a * b - 0.5 * b * b * c - std::cos(c) * a;
}
RowVector<double> log_joint(const Matrix<double>& z, Matrix<double>& dz) {
  RowVector<double> value(z.cols());
  dz.resize(3, z.cols());
  for (Index j = 0; j < z.cols(); ++j) {
    const double a = z(0, j), b = z(1, j), c = z(2, j), shift = 0.5 * double(j % 2);
    value(j) = bent(a, b, c, shift);
    dz.col(j) << std::cos(a + shift) + b - std::cos(c), a - b * c, -0.5 * b * b + std::sin(c) * a;
  }
  return value;
}

}  // namespace

TEST_CASE("draws and densities of the family", "[variational][eq:normal-family]") {
  const bool full = GENERATE(false, true);
  const NormalFamily<double> family{3, full ? Covariance::full : Covariance::diagonal};
  REQUIRE(family.size() == (full ? 9 : 6));
  const Matrix<double> phi = 0.7 * numbers.normal<double>(family.size(), 2);
  const Matrix<double> eps = numbers.normal<double>(3, 6, 100);
  const Matrix<double> z = family.rsample(phi, eps);
  const RowVector<double> log_q = family.log_prob(phi, eps), entropy = family.entropy(phi);
  REQUIRE((z.cols() == 6 && log_q.size() == 6 && entropy.size() == 2));
  for (Index j = 0; j < 6; ++j) {
    const Vector<double> own = phi.col(j % 2);
    const Matrix<double> root = root_of(own, full);
    CHECK(max_difference(z.col(j), own.head(3) + root * eps.col(j)) < 1e-14);
    const Normal<double> q(own.head(3), root * root.transpose());
    CHECK_THAT(log_q(j), WithinAbs(q.log_prob(z.col(j))(0), 1e-12));
    CHECK_THAT(entropy(j % 2), WithinAbs(q.entropy(), 1e-12));
  }
}

TEST_CASE("the ELBO's pathwise gradient", "[variational][eq:pathwise-elbo]") {
  const bool full = GENERATE(false, true);
  const NormalFamily<double> family{3, full ? Covariance::full : Covariance::diagonal};
  const Index size = family.size();
  const Matrix<double> phi = 0.7 * numbers.normal<double>(size, 2);
  const Matrix<double> eps = numbers.normal<double>(3, 8, 100);  // 4 draws for each of 2 data
  Matrix<double> d_phi;
  const RowVector<double> bound = elbo_gradient(family, log_joint, phi, eps, d_phi);

  // The average of log p(x, z) - log q(z), which has the entropy's expectation but not its value:
  // -1/2 |eps|^2 in place of -3/2.
  for (Index i = 0; i < 2; ++i) {
    const Objective by_hand = [&](const Vector<double>& own) {
      double sum = 0.5 * own.segment(3, 3).sum() + 1.5 * (1 + log_2pi);
      for (Index l = 0; l < 4; ++l) {
        const Vector<double> z = own.head(3) + root_of(own, full) * eps.col(2 * l + i);
        sum += bent(z(0), z(1), z(2), 0.5 * double(i)) / 4;
      }
      return sum;
    };
    CHECK_THAT(bound(i), WithinAbs(by_hand(phi.col(i)), 1e-12));
    check_gradient(by_hand, phi.col(i), d_phi.col(i));
  }
}

TEST_CASE("the family refuses wrong shapes", "[variational][shape]") {
  const NormalFamily<double> family{2, Covariance::diagonal};
  const Matrix<double> phi = Matrix<double>::Zero(4, 2);
  CHECK(
      contains(refusal([&] { family.rsample(phi, Matrix<double>::Zero(2, 3)); }), "as many draws"));
  CHECK(contains(refusal([&] { family.rsample(phi, Matrix<double>::Zero(3, 2)); }),
                 "2 x 2, found 3"));
  CHECK(contains(refusal([&] { family.rsample(phi.topRows(3), Matrix<double>::Zero(2, 2)); }),
                 "4 x 2, found 3 x 2"));
}
