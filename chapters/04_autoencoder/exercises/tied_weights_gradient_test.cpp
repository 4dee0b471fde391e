#include <cmath>

#include "teacher.hpp"

using Eigen::Index;
using Eigen::MatrixXd;

MatrixXd tied_weights_gradient(const MatrixXd& w, const MatrixXd& x, const MatrixXd& t);

namespace {

/// J as it is written, entry by entry, with an encoder and a decoder that may differ.
double error(const MatrixXd& encoder, const MatrixXd& decoder, const MatrixXd& x,
             const MatrixXd& t) {
  double sum = 0;
  for (Index n = 0; n < x.cols(); ++n) {
    for (Index pixel = 0; pixel < x.rows(); ++pixel) {
      double drawn = 0;
      for (Index k = 0; k < encoder.rows(); ++k) {
        double code = 0;
        for (Index from = 0; from < x.rows(); ++from) code += encoder(k, from) * x(from, n);
        drawn += decoder(k, pixel) * code;
      }
      sum += (t(pixel, n) - drawn) * (t(pixel, n) - drawn);
    }
  }
  return sum / static_cast<double>(x.cols());
}

/// Differences: every weight a little up and a little down, in the encoder, the decoder, or both.
MatrixXd differences(MatrixXd w, const MatrixXd& x, const MatrixXd& t, bool encoder, bool decoder) {
  const MatrixXd fixed = w;
  const double step = 1e-5;
  MatrixXd gradient(w.rows(), w.cols());
  for (Index i = 0; i < w.size(); ++i) {
    const auto at = [&](double by) {
      w(i) = fixed(i) + by;
      return error(encoder ? w : fixed, decoder ? w : fixed, x, t);
    };
    gradient(i) = (at(step) - at(-step)) / (2 * step);
    w(i) = fixed(i);
  }
  return gradient;
}

void ask(const std::string& where, const MatrixXd& w, const MatrixXd& x, const MatrixXd& t) {
  const MatrixXd right = differences(w, x, t, true, true);
  // Tolerance: differences of a polynomial of degree four, of the size of 10, err by about 1e-8.
  teacher::expect(
      where, tied_weights_gradient(w, x, t), right, 1e-5,
      {{differences(w, x, t, false, true), "The decoder's part. Who else uses these weights?"},
       {differences(w, x, t, true, false), "The encoder's part. Who else uses these weights?"},
       {right / 2, "Half the answer: does the square's derivative bring a 2?"},
       {right * static_cast<double>(x.cols()), "A sum over the pictures: J is their mean."},
       {-right, "Uphill and downhill are exchanged: drawn minus target, or target minus drawn?"},
       {right.transpose(), "Turned over: the gradient has the shape of W."}});
}

}  // namespace

TEST_CASE("one code") {
  MatrixXd w(1, 2), x(2, 1);
  w << 0.5, 1;
  x << 2, 1;
  ask("two pixels, one code, one picture, which is its own target", w, x, x);
  ask("the same, the target being an empty page", w, x, MatrixXd::Zero(2, 1));
}

TEST_CASE("two codes") {
  MatrixXd w(2, 3), x(3, 4), t(3, 4);
  w << 0.3, -0.7, 0.2, 0.9, 0.4, -0.5;
  x << 1, 0, 0.5, -1, 0.2, 2, -0.4, 0, 0.3, 1, 1.5, -0.6;
  t << 0.8, 0.1, 0.3, -1.2, 0, 1.7, 0, 0.2, 0.5, 1.1, 1.4, -0.9;
  ask("three pixels, two codes, four pictures that are their own targets", w, x, x);
  ask("the same pictures spoiled, clean targets", w, x, t);
}

TEST_CASE("downhill") {
  // Rows at right angles to one another, so that the covariance is exactly diag(4, 2, 0.5).
  MatrixXd x(3, 4), w(2, 3);
  x << 2, 2, 2, 2, std::sqrt(2), -std::sqrt(2), std::sqrt(2), -std::sqrt(2), std::sqrt(0.5),
      std::sqrt(0.5), -std::sqrt(0.5), -std::sqrt(0.5);
  w << 0.3, -0.2, 0.1, 0.1, 0.4, 0.3;
  for (int step = 0; step < 500; ++step) w -= 0.05 * tied_weights_gradient(w, x, x);
  // What PCA leaves of two codes out of three is the last eigenvalue. 500 steps come far nearer.
  teacher::expect("500 steps downhill end on PCA's floor, the error 0.5", error(w, w, x, x), 0.5,
                  1e-6);
}
