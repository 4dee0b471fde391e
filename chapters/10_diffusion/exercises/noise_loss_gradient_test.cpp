#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;
using Eigen::RowVectorXd;

MatrixXd noise_loss_gradient(const MatrixXd& x0, const MatrixXd& eps, const RowVectorXd& alpha_bar,
                             const RowVectorXd& weight, const MatrixXd& W);

namespace {

struct Batch {
  MatrixXd x0, eps;
  RowVectorXd alpha_bar, weight;

  double xt(Eigen::Index r, Eigen::Index i) const {
    return std::sqrt(alpha_bar(i)) * x0(r, i) + std::sqrt(1 - alpha_bar(i)) * eps(r, i);
  }
  /// The loss of one sample without its weight, number after number.
  double error(const MatrixXd& W, Eigen::Index i) const {
    const Eigen::Index d = x0.rows();
    const double a = alpha_bar(i);
    double sum = 0;
    for (Eigen::Index r = 0; r < d; ++r) {
      double network = W(r, d) * std::log(a / (1 - a)) + W(r, d + 1);
      for (Eigen::Index c = 0; c < d; ++c) network += W(r, c) * xt(c, i);
      const double off = eps(r, i) - std::sqrt(1 - a) * xt(r, i) - std::sqrt(a) * network;
      sum += off * off;
    }
    return sum;
  }
};

/// The gradient by difference quotients, each sample's `by(i)` times its own: exact but for
/// rounding, since the loss is a parabola in each entry of W.
MatrixXd by_differences(const Batch& batch, const MatrixXd& W, const auto& by) {
  const double h = 1e-3;
  MatrixXd gradient = MatrixXd::Zero(W.rows(), W.cols());
  for (Eigen::Index c = 0; c < W.cols(); ++c) {
    for (Eigen::Index r = 0; r < W.rows(); ++r) {
      MatrixXd above = W, below = W;
      above(r, c) += h, below(r, c) -= h;
      for (Eigen::Index i = 0; i < batch.x0.cols(); ++i) {
        gradient(r, c) += by(i) * (batch.error(above, i) - batch.error(below, i)) / (2 * h);
      }
    }
  }
  return gradient;
}

void compare(const std::string& where, const Batch& batch, const MatrixXd& W) {
  const Eigen::Index d = batch.x0.rows(), n = batch.x0.cols();
  const auto weight = [&](Eigen::Index i) { return batch.weight(i); };
  const MatrixXd right = by_differences(batch, W, weight);
  const MatrixXd plain = by_differences(batch, W, [](Eigen::Index) { return 1; });
  const MatrixXd no_share = by_differences(
      batch, W, [&](Eigen::Index i) { return batch.weight(i) / std::sqrt(batch.alpha_bar(i)); });
  MatrixXd blind = right;  // the input x_0 for x_t: the last column's slopes times x_0
  for (Eigen::Index c = 0; c < d; ++c) {
    blind.col(c) = by_differences(batch, W, [&](Eigen::Index i) {
                     return batch.weight(i) * batch.x0(c, i);
                   }).col(d + 1);
  }
  // Tolerance: rounding of the loss, 1e-15, over h.
  teacher::expect(
      where, noise_loss_gradient(batch.x0, batch.eps, batch.alpha_bar, batch.weight, W), right,
      1e-9,
      {{right / 2, "Half of it: what is the derivative of a square?"},
       {-right,
        "The sign: eps_hat enters the error with a minus, and the chain rule brings it out."},
       {no_share, "How much of the network's output reaches eps_hat? Less in a deep layer."},
       {plain, "All samples count alike: where did the weights u go?"},
       {right / static_cast<double>(n), "A mean over the samples, where the loss is their sum."},
       {blind, "The first columns meet x_0. Which sample did the network see?"}});
}

}  // namespace

TEST_CASE("one number, one sample") {
  Batch batch{MatrixXd::Constant(1, 1, 1), MatrixXd::Constant(1, 1, -1),
              RowVectorXd::Constant(1, 0.64), RowVectorXd::Ones(1)};
  compare("x_0 = 1, eps = -1, alpha_bar = 0.64, a network that says 0", batch,
          MatrixXd::Zero(1, 3));
  MatrixXd W(1, 3);
  W << 0.4, -0.3, 0.2;
  batch.weight << 3;
  compare("the same, W not 0 and the weight 3", batch, W);
}

TEST_CASE("a batch") {
  Batch batch{MatrixXd(2, 3), MatrixXd(2, 3), RowVectorXd(3), RowVectorXd(3)};
  batch.x0 << 1, -0.5, 2, 0.3, 0.8, -1.2;
  batch.eps << 0.4, 1.3, -0.2, -0.9, 0.1, 0.6;
  batch.alpha_bar << 0.9, 0.5, 0.02;
  batch.weight << 2, 1, 0.5;
  MatrixXd W(2, 4);
  W << 0.3, -0.2, 0.1, 0.5, 0.7, 0.4, -0.1, -0.6;
  compare("two dimensions, three samples in three layers", batch, W);
}
