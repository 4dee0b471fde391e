#include <algorithm>
#include <cmath>
#include <numbers>

#include "teacher.hpp"

using Eigen::VectorXd;

VectorXd own_schedule(int layers, double mean, double scale);

namespace {

struct Loss {
  double start = 0, layers = 0;  // nats: of the start N(0, 1), and of all steps
};

/// E[log q(x_0) - ELBO(x_0)] is the KL of all codes and x_0 together, encoder's against decoder's.
/// It is paid in T + 1 parts, each of two normals in one dimension. The best guess makes the
/// decoder's mean exact, so that in a step only the variance counts: beta_t, against that of
/// x_{t-1} given x_t.
Loss nats_lost(const VectorXd& beta, double mean, double scale) {
  Loss lost;
  double m = mean, variance = scale * scale;  // of x_t over all samples
  for (const double b : beta) {
    const double covariance = std::sqrt(1 - b) * variance, next = (1 - b) * variance + b;
    const double given_next = variance - covariance * covariance / next;
    lost.layers += 0.5 * (given_next / b - 1 - std::log(given_next / b));
    m *= std::sqrt(1 - b);
    variance = next;
  }
  lost.start = 0.5 * (variance + m * m - 1 - std::log(variance));
  return lost;
}

double checked(const std::string& samples, int layers, double mean, double scale) {
  const VectorXd beta = own_schedule(layers, mean, scale);
  teacher::expect_that(samples + ", one beta a layer", beta.size() == layers && !beta.hasNaN(),
                       "One number for each layer, and no NaN: is anything written yet?");
  teacher::expect_that(
      samples + ", 0 < beta_t <= 0.999", beta.minCoeff() > 0 && beta.maxCoeff() <= 0.999,
      "A layer that adds no noise, or leaves nothing: such a beta has no way back.");
  teacher::expect_that(
      samples + ", beta_1 <= 0.9", beta(0) <= 0.9,
      "The first layer drowns nearly all of the sample: are these the alpha_bar_t?");
  const Loss lost = nats_lost(beta, mean, scale);
  teacher::expect_that(
      samples + ", the start loses at most 0.1 nats", lost.start <= 0.1,
      "The last layer still remembers its sample, and the walk back starts from N(0, 1): "
      "is this a schedule for far more layers?");
  return lost.start + lost.layers;
}

/// The schedules of the chapter with twenty layers; no beta above 0.999.
VectorXd linear() {
  return VectorXd::LinSpaced(20, 0.1 / 20, 1).cwiseMin(0.999);
}
VectorXd cosine() {
  const auto kept = [](double t) {
    return std::pow(std::cos(std::numbers::pi / 2 * (t / 20 + 0.008) / 1.008), 2);
  };
  VectorXd beta(20);
  for (int t = 0; t < 20; ++t) beta(t) = std::min(0.999, 1 - kept(t + 1) / kept(t));
  return beta;
}

double lost_by(const VectorXd& beta) {
  double sum = 0;
  for (const Loss& lost :
       {nats_lost(beta, 0.5, 0.5), nats_lost(beta, 0.5, 0.1), nats_lost(beta, -1, 2)}) {
    sum += lost.start + lost.layers;
  }
  return sum;
}

}  // namespace

TEST_CASE("ten layers for each kind of samples") {
  checked("10 layers, N(0, 1)", 10, 0, 1);
  checked("10 layers, N(0.5, 0.5^2)", 10, 0.5, 0.5);
}

TEST_CASE("twenty layers") {
  const double lost = checked("20 layers, N(0.5, 0.5^2)", 20, 0.5, 0.5) +
                      checked("20 layers, N(0.5, 0.1^2)", 20, 0.5, 0.1) +
                      checked("20 layers, N(-1, 2^2)", 20, -1, 2);
  teacher::score_at_most("nats lost with 20 layers, three kinds of samples", lost, 0.35);
}

TEST_CASE("as the question says", "[.told]") {
  teacher::told("0.82", lost_by(linear()));
  teacher::told("0.48", lost_by(cosine()));
}
