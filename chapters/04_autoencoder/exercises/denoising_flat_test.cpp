#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;

MatrixXd denoising_flat(const MatrixXd& covariance, int width, double scale);

namespace {

/// What gradient descent finds, with an encoder and a decoder and without any eigenvector.
MatrixXd trained(const MatrixXd& covariance, int width, double scale) {
  const auto pixels = covariance.rows();
  const MatrixXd identity = MatrixXd::Identity(pixels, pixels);
  const MatrixXd spoiled = covariance + scale * scale * identity;
  MatrixXd encoder(width, pixels);
  for (int i = 0; i < encoder.size(); ++i) encoder(i) = 0.5 * std::sin(1 + 2.4 * i);
  MatrixXd decoder = encoder.transpose();
  const double rate = 0.1 / spoiled.trace();
  for (int step = 0; step < 20000; ++step) {
    const MatrixXd slope = 2 * (decoder * (encoder * spoiled) - covariance);
    const MatrixXd d_decoder = slope * encoder.transpose();
    encoder -= rate * decoder.transpose() * slope;
    decoder -= rate * d_decoder;
  }
  return decoder * encoder;
}

/// A covariance of four pixels with given eigenvalues, its axes turned away from the pixels.
MatrixXd turned(double a, double b, double c, double d) {
  MatrixXd axes(4, 4);
  axes << 1, 1, 1, 1, 1, -1, 1, -1, 1, 1, -1, -1, 1, -1, -1, 1;
  return 0.25 * axes * Eigen::Vector4d(a, b, c, d).asDiagonal() * axes.transpose();
}

// Tolerance: what 20,000 steps of training leave.
void ask(const std::string& where, const MatrixXd& covariance, int width, double scale) {
  teacher::expect(where, denoising_flat(covariance, width, scale),
                  trained(covariance, width, scale), 1e-6);
}

}  // namespace

TEST_CASE("by hand") {
  const auto diagonal = [](double a, double b) {
    return MatrixXd(Eigen::Vector2d(a, b).asDiagonal());
  };
  // Of the first pixel keep c: (1 - c)^2 3 + c^2 / 4 is smallest at 12/13. Of the second nothing.
  teacher::expect(
      "two pixels of variance 3 and 1, one code, noise of scale 1/2",
      denoising_flat(diagonal(3, 1), 1, 0.5), diagonal(12.0 / 13, 0), 1e-12,
      {{diagonal(12.0 / 13, 0.8), "Rank 2: that is the Wiener filter. Where is the bottleneck?"},
       {diagonal(1, 0),
        "PCA's projection lets the noise of its flat through: keep how much of it?"},
       {diagonal(6.0 / 7, 0),
        "scale is a standard deviation: what does the variance of the noise come to?"},
       {diagonal(0, 0.8),
        "The flat of the *smallest* eigenvalues: in which order does Eigen give them?"},
       {diagonal(1.0 / 13, 0), "That share is the noise's: what is left of it is the picture's."}});
}

TEST_CASE("turned axes") {
  ask("four pixels, one code, scale 1", turned(5, 2, 1, 0.3), 1, 1);
  ask("four pixels, two codes, scale 0.1", turned(5, 2, 1, 0.3), 2, 0.1);
  ask("four pixels, three codes, more noise than picture", turned(0.3, 5, 2, 1), 3, 3);
  ask("as many codes as pixels: the Wiener filter", turned(5, 2, 1, 0.3), 4, 0.5);
}
