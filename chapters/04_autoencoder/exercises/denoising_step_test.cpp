#include <cmath>

#include "teacher.hpp"

using Eigen::Index;
using Eigen::MatrixXd;

void denoising_step(MatrixXd& encoder, MatrixXd& decoder, const MatrixXd& x, const MatrixXd& noise,
                    double scale, double rate);

namespace {

/// A network of two matrices, and what moves them.
struct Net {
  MatrixXd encoder, decoder;

  /// The mean error of what is drawn of `shown`, held against `wanted`.
  double error(const MatrixXd& shown, const MatrixXd& wanted) const {
    double sum = 0;
    for (Index n = 0; n < shown.cols(); ++n) {
      sum += (wanted.col(n) - decoder * (encoder * shown.col(n))).squaredNorm();
    }
    return sum / static_cast<double>(shown.cols());
  }

  /// Its gradient by differences, of the encoder and of the decoder.
  Net gradient(const MatrixXd& shown, const MatrixXd& wanted) const {
    Net at = *this, slope = *this;
    const auto differences = [&](MatrixXd& weights, MatrixXd& slopes) {
      for (Index i = 0; i < weights.size(); ++i) {
        const double here = weights(i), step = 1e-5;
        weights(i) = here + step;
        const double up = at.error(shown, wanted);
        weights(i) = here - step;
        slopes(i) = (up - at.error(shown, wanted)) / (2 * step);
        weights(i) = here;
      }
    };
    differences(at.encoder, slope.encoder);
    differences(at.decoder, slope.decoder);
    return slope;
  }
};

// A large step, so that a decoder that moved too early shows.
void ask(const std::string& where, const Net& net, const MatrixXd& x, const MatrixXd& noise,
         double scale, double rate = 0.1) {
  Net moved = net;
  denoising_step(moved.encoder, moved.decoder, x, noise, scale, rate);
  const MatrixXd spoiled = x + scale * noise;
  const Net right = net.gradient(spoiled, x), copying = net.gradient(spoiled, spoiled),
            unspoiled = net.gradient(x, x);
  const auto n = static_cast<double>(x.cols());
  const std::string copies =
                        "Was it asked for the spoiled picture? Then it learns to leave noise in.",
                    sees = "Was it shown the clean picture? Then it never meets any noise.",
                    sums = "A sum over the pictures: J is their mean.";
  // Tolerance: differences of a polynomial of degree four err by about 1e-8 here.
  teacher::expect(where + ": how far the decoder moved, over the rate",
                  MatrixXd((net.decoder - moved.decoder) / rate), right.decoder, 1e-5,
                  {{copying.decoder, copies},
                   {unspoiled.decoder, sees},
                   {right.decoder * n, sums},
                   {MatrixXd::Zero(x.rows(), net.decoder.cols()), "The decoder did not move."}});
  // Two mixtures, gradients of nothing.
  const MatrixXd residual = 2 / n * (net.decoder * (net.encoder * spoiled) - x);
  const MatrixXd clean_in = net.decoder.transpose() * residual * x.transpose();
  const MatrixXd early =
      (net.decoder - rate * right.decoder).transpose() * residual * spoiled.transpose();
  teacher::expect(
      where + ": how far the encoder moved, over the rate",
      MatrixXd((net.encoder - moved.encoder) / rate), right.encoder, 1e-5,
      {{clean_in, "Forward, which picture came into the encoder? And which on the way back?"},
       {early, "Had the decoder moved before the encoder's gradient went through it?"},
       {copying.encoder, copies},
       {unspoiled.encoder, sees},
       {MatrixXd::Zero(net.encoder.rows(), x.rows()), "The encoder did not move."}});
}

/// Eight pictures and their noise: eight rows of signs at right angles to one another, the first
/// four turned and stretched to a covariance of eigenvalues 4, 2, 0.5 and 0.25. So the noise has
/// covariance I exactly, and nothing to do with the pictures.
struct Training {
  MatrixXd x, noise;
  Net net{MatrixXd(2, 4), {}};

  Training() {
    const auto sign = [](unsigned a, unsigned b) { return __builtin_parity(a & b) ? -1.0 : 1.0; };
    const MatrixXd rows = MatrixXd::NullaryExpr(8, 8, sign);
    const MatrixXd turn = 0.5 * MatrixXd::NullaryExpr(4, 4, sign);
    const Eigen::Vector4d spread(2, std::sqrt(2), std::sqrt(0.5), 0.5);
    x = turn * spread.asDiagonal() * rows.topRows(4), noise = rows.bottomRows(4);
    net.encoder << 0.5, 0.1, 0.2, -0.1, 0.1, -0.4, 0.3, 0.2;
    net.decoder = net.encoder.transpose();
  }

  /// J after some steps more.
  double after(int steps, double rate) {
    for (int step = 0; step < steps; ++step) {
      denoising_step(net.encoder, net.decoder, x, noise, 1, rate);
    }
    return net.error(x + noise, x);
  }
};

// Two directions are kept by the shares 4/5 and 2/3 of a Wiener filter, with an error of 4/5 and
// 2/3; two are lost.
const double least = 4.0 / 5 + 2.0 / 3 + 0.5 + 0.25;

}  // namespace

TEST_CASE("small") {
  const auto one = [](double value) { return MatrixXd::Constant(1, 1, value); };
  ask("one pixel, one code, no noise", {one(0.5), one(1)}, one(2), one(1), 0);
  Net net{MatrixXd(1, 2), MatrixXd(2, 1)};
  net.encoder << 0.5, 0.25;
  net.decoder << 1, -0.5;
  MatrixXd x(2, 3), noise(2, 3);
  x << 1, 0, 2, -1, 1, 0.5;
  noise << 0.5, -1, 0.25, 1.5, 0.5, -0.75;
  ask("two pixels, one code, three pictures, noise of scale 0.5", net, x, noise, 0.5);
}

TEST_CASE("training") {
  Training training;
  ask("four pixels, two codes, eight pictures, scale 1", training.net, training.x, training.noise,
      1);
  // 300 steps come nearer than the tolerance by far.
  teacher::expect("J after 300 steps of rate 0.05", training.after(300, 0.05), least, 1e-9);
}

TEST_CASE("as the question says", "[.told]") {
  Training training;
  teacher::told("2.25", training.after(50, 0.05));
  teacher::told("2.217", least);
  teacher::expect_that("before the hundredth step J is nan", std::isnan(training.after(49, 0.05)),
                       "");
}
