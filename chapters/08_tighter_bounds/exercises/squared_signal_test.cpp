#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd, Eigen::VectorXd;

double squared_signal(const MatrixXd& gradients);

namespace {

/// The average of the inner products over all pairs of different gradients, pair by pair.
double by_pairs(const MatrixXd& g) {
  double sum = 0, pairs = 0;
  for (Eigen::Index r = 0; r < g.cols(); ++r) {
    for (Eigen::Index s = 0; s < r; ++s) sum += g.col(r).dot(g.col(s)), ++pairs;
  }
  return sum / pairs;
}

void check(const std::string& where, const MatrixXd& g) {
  const double r = static_cast<double>(g.cols()), right = by_pairs(g);
  const VectorXd mean = g.rowwise().mean();
  const double scatter = (g.colwise() - mean).squaredNorm() / (r - 1);
  // Tolerance: rounding.
  teacher::expect(where, squared_signal(g), right, 1e-9,
                  {{mean.squaredNorm(),
                    "The squared length of the average, noise and all: what happens where a "
                    "gradient is multiplied with itself?"},
                   {right * (r - 1) / r, "How many pairs of different gradients are there?"},
                   {0,
                    "Cut off at 0? An estimate of a square may lie below 0: without such cases "
                    "its average is too high."},
                   {mean.squaredNorm() - scatter,
                    "You took away the scatter of one gradient. How far does the average of R of "
                    "them scatter?"}});
}

}  // namespace

TEST_CASE("few gradients") {
  MatrixXd two(2, 2), opposite(1, 2), three(3, 3);
  check("two equal gradients: no noise at all", MatrixXd::Constant(2, 2, 1.5));
  three << 1, 2, 1.5, 0, 0.5, -1, 3, 1, 2;
  check("three gradients of three parameters", three);
  two << 3, 0, 0, 4;
  check("two gradients at right angles", two);
  opposite << 2, -1;
  check("two gradients of opposite signs", opposite);
}

TEST_CASE("the average over all noises") {
  // Three gradients of two parameters, each entry its expectation plus or minus 1: all 2^6 noises.
  const VectorXd signal = (VectorXd(2) << 0.5, -0.25).finished();
  double average = 0;
  for (int bits = 0; bits < 64; ++bits) {
    MatrixXd g(2, 3);
    for (int i = 0; i < 6; ++i) g(i % 2, i / 2) = signal(i % 2) + (bits >> i & 1 ? 1 : -1);
    average += squared_signal(g) / 64;
  }
  teacher::expect("on average over 64 noises, |E g|^2", average, 0.3125, 1e-12,
                  {{0.3125 + 2.0 / 3, "Too high by the noise's variance over R."}});
}
