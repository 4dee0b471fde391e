#include <algorithm>
#include <cmath>
#include <functional>

#include "teacher.hpp"

using Eigen::ArrayXXd, Eigen::MatrixXd, Eigen::RowVectorXd;
using Likelihood = std::function<RowVectorXd(const MatrixXd& x, const MatrixXd& logits)>;

bool likelihood_on_trial(const Likelihood& log_prob);

namespace {

ArrayXXd softplus(const ArrayXXd& a) {
  return a.max(0) + (1 + (-a.abs()).exp()).log();
}

/// Pixel by pixel, before the sum over an image.
ArrayXXd of_pixels(const MatrixXd& x, const MatrixXd& logits) {
  return x.array() * logits.array() - softplus(logits);
}

RowVectorXd right(const MatrixXd& x, const MatrixXd& logits) {
  return of_pixels(x, logits).colwise().sum();
}

/// The same by another road: the logit counts for a white pixel and against a black one.
RowVectorXd also_right(const MatrixXd& x, const MatrixXd& logits) {
  RowVectorXd sum = RowVectorXd::Zero(x.cols());
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const double in_favour = x(i) > 0.5 ? logits(i) : -logits(i);
    sum(i / x.rows()) += std::min(in_favour, 0.0) - std::log1p(std::exp(-std::abs(in_favour)));
  }
  return sum;
}

RowVectorXd rounded(const MatrixXd& x, const MatrixXd& logits) {
  return right(x, logits) * (1 + 1e-10);
}

void innocent(const std::string& who, const Likelihood& program, const std::string& question) {
  teacher::expect_that("right: " + who, likelihood_on_trial(program), question);
}

void guilty(const std::string& who, const Likelihood& program, const std::string& question) {
  teacher::expect_that("wrong: " + who, !likelihood_on_trial(program), question);
}

}  // namespace

TEST_CASE("the innocent") {
  const std::string question =
      "A right program is convicted. Is anything asked yet? Rounding is no bug: do you leave room "
      "for it?";
  innocent("x logit - log(1 + e^logit)", right, question);
  innocent("log sigmoid(logit) or log sigmoid(-logit)", also_right, question);
  innocent("the first, rounded", rounded, question);
}

TEST_CASE("the guilty") {
  guilty(
      "always 0",
      [](const MatrixXd& x, const MatrixXd&) { return RowVectorXd::Zero(x.cols()).eval(); },
      "Even a program that always answers 0 gets through.");
  guilty(
      "the constant is missing",
      [](const MatrixXd& x, const MatrixXd& logits) {
        return RowVectorXd(x.cwiseProduct(logits).colwise().sum());
      },
      "x times logit gets through. Its probabilities do not add up to 1: did you ask?");
  guilty(
      "minus the log-probability",
      [](const MatrixXd& x, const MatrixXd& logits) { return RowVectorXd(-right(x, logits)); },
      "A loss gets through, minus the log-probability. Which sign has the logarithm of a "
      "probability?");
  guilty(
      "black and white exchanged",
      [](const MatrixXd& x, const MatrixXd& logits) { return right(x, -logits); },
      "A program gets through that takes white for black: its probabilities add up to 1 as well. "
      "Did you ask for the log-odds?");
  guilty(
      "the sigmoid twice",
      [](const MatrixXd& x, const MatrixXd& logits) {
        return right(x, (1 / (1 + (-logits.array()).exp())).matrix());
      },
      "The sigmoid twice gets through. It adds up to 1: which logit do its log-odds show?");
  guilty(
      "a squared error",
      [](const MatrixXd& x, const MatrixXd& logits) {
        const ArrayXXd white = 1 / (1 + (-logits.array()).exp());
        return RowVectorXd(-(x.array() - white).square().colwise().sum());
      },
      "A squared error gets through. What do two values of a pixel add up to there?");
  guilty(
      "a mean over the pixels",
      [](const MatrixXd& x, const MatrixXd& logits) {
        return RowVectorXd(of_pixels(x, logits).colwise().mean());
      },
      "With how many pixels do you ask? For one, a mean over pixels and a sum are the same.");
  guilty(
      "the sum over all images",
      [](const MatrixXd& x, const MatrixXd& logits) {
        return RowVectorXd::Constant(x.cols(), of_pixels(x, logits).sum()).eval();
      },
      "Each image is told the sum over all images. You cannot see it while you show only one "
      "image at a time.");
  guilty(
      "the last image is forgotten",
      [](const MatrixXd& x, const MatrixXd& logits) {
        RowVectorXd all = right(x, logits);
        if (all.size() > 1) all(all.size() - 1) = 0;
        return all;
      },
      "The last image of several is forgotten. Do you look at every entry, and show more than "
      "one image?");
  guilty(
      "overflow",
      [](const MatrixXd& x, const MatrixXd& logits) {
        const ArrayXXd each = x.array() * logits.array() - (1 + logits.array().exp()).log();
        return RowVectorXd(each.colwise().sum());
      },
      "log(1 + e^800) is infinite, and it gets through: you asked for logits of a few units only.");
}
