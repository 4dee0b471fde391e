#include <cmath>

#include "teacher.hpp"

using Eigen::MatrixXd;

Eigen::RowVectorXd bound_of_k_samples(const MatrixXd& log_weights);

namespace {

/// Log weights of a moderate size, their bounds by a plain sum, and both moved by `by`: a factor
/// common to an image's weights is a factor of their average. The tolerance is rounding's.
void moved(const std::string& where, const MatrixXd& log_weights, const MatrixXd& by,
           const std::string& question) {
  const auto k = static_cast<double>(log_weights.rows());
  MatrixXd right(1, log_weights.cols()), no_k(right), swapped(right), given(log_weights);
  for (Eigen::Index i = 0; i < right.cols(); ++i) {
    double sum = 0, logs = 0;
    for (const double log_w : log_weights.col(i)) sum += std::exp(log_w), logs += log_w;
    right(i) = std::log(sum / k) + by(i);
    no_k(i) = std::log(sum) + by(i);
    swapped(i) = logs / k + by(i);
    given.col(i).array() += by(i);
  }
  const MatrixXd got = bound_of_k_samples(given);
  if (!question.empty()) teacher::expect_that(where + ", finite", got.allFinite(), question);
  teacher::expect(where, got, right, 1e-9,
                  {{swapped,
                    "That is the ELBO by k draws. Look at the order of logarithm and average: "
                    "which comes first?"},
                   {no_k, "The sum of the weights is no average: did you divide by k?"}});
}

}  // namespace

TEST_CASE("weights that fit into a double") {
  moved("one draw of weight 1/2", MatrixXd::Constant(1, 1, std::log(0.5)), MatrixXd::Zero(1, 1),
        "");
  MatrixXd two(2, 1), three(3, 2);
  two << 0, std::log(3.0);
  moved("two draws of weights 1 and 3", two, MatrixXd::Zero(1, 1), "");
  three << -1, 0.2, -2, 0.2, 0.5, -30;
  moved("three draws for each of two images", three, MatrixXd::Zero(1, 2), "");
}

TEST_CASE("weights that do not") {
  MatrixXd two(2, 1), three(3, 2), by(1, 2);
  two << -0.7, 0.4;
  const std::string gone =
      "Not a finite number: exp(-2000) is 0 in a double and exp(800) infinite, so that nothing is "
      "left to take the logarithm of. What can be taken out of the average first?";
  moved("log weights near -2000", two, MatrixXd::Constant(1, 1, -2000), gone);
  moved("log weights near 800", two, MatrixXd::Constant(1, 1, 800), gone);
  three << -1, 0.2, -2, 0.2, 0.5, -3;
  by << -2000, 0;
  moved("an image near -2000 beside one near 0", three, by,
        "Right for each image alone and not side by side: is each image measured against its own "
        "largest weight?");
}
