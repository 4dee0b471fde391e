#include <cmath>

#include "teacher.hpp"

using Eigen::Index;
using Eigen::MatrixXd;

double loss_of_a_batch(const MatrixXd& pixel_log_prob, const MatrixXd& mean,
                       const MatrixXd& log_variance);

namespace {

/// Some numbers between -2 and 2.
MatrixXd numbers(Index rows, Index cols, double first) {
  MatrixXd m(rows, cols);
  for (Index i = 0; i < m.size(); ++i) m(i) = 2 * std::sin(first + 1.7 * double(i));
  return m;
}

/// Picture by picture, pixel by pixel, code number by code number.
void batch(Index pixels, Index codes, Index pictures) {
  const MatrixXd pixel_log_prob = -numbers(pixels, pictures, 1).array().abs();
  const MatrixXd mean = numbers(codes, pictures, 2);
  const MatrixXd log_variance = numbers(codes, pictures, 3);
  double log_p = 0, kl = 0;
  for (Index c = 0; c < pictures; ++c) {
    for (Index r = 0; r < pixels; ++r) {
      log_p += pixel_log_prob(r, c);
    }
    for (Index r = 0; r < codes; ++r) {
      const double v = log_variance(r, c);
      kl += (std::pow(mean(r, c), 2) + std::exp(v) - 1 - v) / 2;
    }
  }
  const double D = double(pixels), d = double(codes), n = double(pictures);
  // Tolerance: roundings of a few dozen numbers.
  teacher::expect(
      std::to_string(pictures) + " pictures of " + std::to_string(pixels) + " pixels, codes of " +
          std::to_string(codes),
      loss_of_a_batch(pixel_log_prob, mean, log_variance), (kl - log_p) / n, 1e-10,
      {{kl / d - log_p / n,
        "One of the halves counts n / d times its price. Which of your sums and means run over a "
        "picture's own numbers, and which over the pictures?"},
       {(kl / d - log_p) / n,
        "Now the KL is averaged over the numbers of the code as well. They are independent parts "
        "of one picture's code, and each is paid for."},
       {kl - log_p / n,
        "The KL is a sum over the images beside a reconstruction that is their mean: its price "
        "grows with the batch."},
       {(kl - log_p / D) / n,
        "Now the reconstruction is averaged over its pixels: they are as many factors of one "
        "probability, and their logarithms add."},
       {kl - log_p,
        "Both halves are sums over the batch. The balance is right, but the loss of a batch twice "
        "as large should not be twice as large."}});
}

}  // namespace

TEST_CASE("as many pictures as code numbers: the test that was there") {
  batch(3, 2, 2);
}

TEST_CASE("five pictures") {
  batch(4, 3, 5);
}

TEST_CASE("one picture") {
  batch(3, 4, 1);
}

TEST_CASE("a code of one number") {
  batch(2, 1, 6);
}
