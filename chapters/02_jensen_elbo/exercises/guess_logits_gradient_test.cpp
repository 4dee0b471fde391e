#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd guess_logits_gradient(const MatrixXd& log_joint, const MatrixXd& logits);

namespace {

VectorXd softmax(const VectorXd& logits) {
  const double top = logits.maxCoeff();
  VectorXd q(logits.size());
  for (int k = 0; k < q.size(); ++k) q(k) = std::exp(logits(k) - top);
  return q / q.sum();
}

double floor_of(const VectorXd& log_joint, const VectorXd& logits) {
  const VectorXd q = softmax(logits);
  double sum = 0;
  for (int k = 0; k < q.size(); ++k) sum += q(k) * (log_joint(k) - std::log(q(k)));
  return sum;
}

/// Central differences of the floor: no derivative in it.
MatrixXd by_differences(const MatrixXd& log_joint, const MatrixXd& logits) {
  MatrixXd slope(logits.rows(), logits.cols());
  const double step = 1e-5;
  for (int c = 0; c < slope.cols(); ++c) {
    for (int k = 0; k < slope.rows(); ++k) {
      VectorXd up = logits.col(c), down = up;
      up(k) += step, down(k) -= step;
      slope(k, c) = (floor_of(log_joint.col(c), up) - floor_of(log_joint.col(c), down)) / 2 / step;
    }
  }
  return slope;
}

/// What the wrong answers are: factor * (log w - baseline), all of one sample.
MatrixXd wrong(const MatrixXd& log_joint, const VectorXd& factor, const VectorXd& log_q,
               double baseline) {
  return factor.cwiseProduct((log_joint.col(0) - log_q).array().matrix() -
                             VectorXd::Constant(factor.size(), baseline));
}

void one_sample(const std::string& where, const MatrixXd& log_joint, const MatrixXd& logits) {
  const VectorXd q = softmax(logits.col(0)), log_q = q.array().log(), none = 0 * q;
  const double floor = floor_of(log_joint.col(0), logits.col(0));
  // Tolerance: differences with a step of 1e-5 are right to about 1e-10.
  teacher::expect(
      where, guess_logits_gradient(log_joint, logits), by_differences(log_joint, logits), 1e-8,
      {{wrong(log_joint, q, log_q, 1),
        "That is for a q_k moved alone: do the others not give way?"},
       {wrong(log_joint, q, log_q, std::log(log_joint.array().exp().sum())),
        "You compare each weight with log p(x), which is not to be had: what is their average?"},
       {wrong(log_joint, q, log_q, (log_joint.col(0) - log_q).mean()),
        "Compared with a plain average: each z counts as often as q draws it."},
       {wrong(log_joint, 0 * q.array() + 1, log_q, 1),
        "That is the slope by q_k. How much does q_k move when its logit does?"},
       {wrong(log_joint, 0 * q.array() + 1, log_q, floor),
        "The slope by q_k, not yet by its logit: how much does q_k move when a_k does?"},
       {wrong(log_joint, q, none, q.dot(log_joint.col(0))),
        "The first term's gradient alone, which builds a spike: where is the entropy's?"}});
}

}  // namespace

TEST_CASE("z is 0 or 1") {
  const MatrixXd log_joint{{std::log(0.02)}, {std::log(0.11)}};
  one_sample("p(x, z) = 0.02 and 0.11, logits (1, 0)", log_joint, MatrixXd{{1.0}, {0.0}});
  one_sample("the same, q = the posterior: no way is up", log_joint, log_joint);
}

TEST_CASE("four values, three samples") {
  const MatrixXd log_joint{{-1.5, -0.2, -9}, {-3, -4, -7}, {-0.7, -2.5, -8}, {-2, -2, -6}};
  const MatrixXd logits{{0.3, 2, 0}, {-1, 0.5, 0}, {0.2, -2, 0}, {1, 0, 0}};
  one_sample("4 values of z", log_joint.col(0), logits.col(0));
  teacher::expect("4 values of z, 3 samples", guess_logits_gradient(log_joint, logits),
                  by_differences(log_joint, logits), 1e-8);
}

TEST_CASE("large logits") {
  const MatrixXd log_joint{{-1.5}, {-0.7}, {-2}}, logits{{0.5}, {0.0}, {-0.5}};
  const MatrixXd got = guess_logits_gradient(log_joint, logits.array() + 1000);
  teacher::expect_that("logits 1000.5, 1000 and 999.5: the slopes are numbers", got.allFinite(),
                       "exp(1000) is infinite: what may be taken from all logits alike?");
  teacher::expect("adding 1000 to every logit changes nothing", got,
                  by_differences(log_joint, logits), 1e-8);
  teacher::expect("logits 1000, 0 and -1000: q is a spike and does not move",
                  guess_logits_gradient(log_joint, MatrixXd{{1000.0}, {0.0}, {-1000.0}}),
                  MatrixXd::Zero(3, 1), 1e-12);
}

TEST_CASE("walking uphill arrives at the posterior") {
  const MatrixXd log_joint{{-1.5}, {-3.0}, {-0.7}};
  MatrixXd logits = MatrixXd::Zero(3, 1);
  for (int i = 0; i < 300; ++i) logits += guess_logits_gradient(log_joint, logits);
  // Tolerance: the slowest direction shrinks by more than a twentieth a step, so rounding remains.
  teacher::expect("300 steps uphill: the floor touches log p(x)",
                  floor_of(log_joint.col(0), logits.col(0)),
                  std::log(std::exp(-1.5) + std::exp(-3.0) + std::exp(-0.7)), 1e-9);
}
