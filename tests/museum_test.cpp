// The bug museum's exhibits under the checks that catch them: each wrong part fails the very check
// that its right neighbour passes. (The tests that a reader would meet first are named in the
// museum's catalogue; the last case sees that they exist.)
#include <filesystem>
#include <fstream>
#include <iterator>

#include "elbo/quadrature.hpp"
#include "gradient_check.hpp"
#include "program.hpp"

using namespace chapter;
using namespace elbo::textbook;
using elbo::check_gradient;
using elbo::contains;
using elbo::finite_difference;
using elbo::integrate;
using elbo::max_difference;
using elbo::MonteCarlo;
using elbo::Random;
using elbo::Stream;
using elbo::Vector;

namespace {

const Random numbers(71, Stream::play);
constexpr Model small{.pixels = 6, .hidden = 5, .latent = 2, .learning_rate = 0.01};

struct Trial {
  Program program;
  elbo::Matrix<double> x = numbers.uniform<double>(6, 3), eps;
  explicit Trial(const std::string& name) : program(exhibit(name), small, 1) {
    // All parameters away from where they start, biases and log-variance too.
    program.parameters = 0.6 * numbers.normal<double>(program.parameters.size(), 1, 500);
    eps = numbers.normal<double>(2, 3 * exhibit(name).parts.draws, 100);
  }
};

Code code(double mean, double log_variance) {
  return {elbo::Matrix<double>::Constant(1, 1, mean),
          elbo::Matrix<double>::Constant(1, 1, log_variance)};
}

elbo::Matrix<double> pixels(double first, double second) {
  return elbo::Matrix<double>{{first}, {second}};
}

}  // namespace

TEST_CASE("every exhibit descends the gradient of what it logs", "[museum][eq:museum-step]") {
  // So a bug's damage is that of its wrong objective, not of a slip in the museum's own gradient.
  for (const Exhibit& e : exhibits()) {
    INFO(e.card.name);
    Trial trial(e.card.name);
    trial.program.forward_and_back(trial.x, trial.eps);
    const Vector<double> at = trial.program.parameters, gradient = trial.program.gradient;
    const auto loss = [&](const Vector<double>& parameters) {
      trial.program.parameters = parameters;
      return -trial.program.forward_and_back(trial.x, trial.eps).mean();
    };
    check_gradient(loss, at, gradient);
  }
}

TEST_CASE("the right programs are the library's", "[museum][eq:museum-step][eq:museum-correct]") {
  // 1e-12: two programs, a few hundred roundings each, on numbers of size 10.
  for (const std::string name : {"correct", "correct-gaussian", "correct-k"}) {
    INFO(name);
    Trial trial(name);
    const Row logged = trial.program.forward_and_back(trial.x, trial.eps);
    const elbo::Vae<double> vae = trial.program.read_right();
    elbo::Vae<double>::Workspace w;
    const elbo::ElboTerms<double> terms = name == "correct-k"
                                              ? vae.iwae_errors(trial.x, trial.eps, w)
                                              : vae.elbo_errors(trial.x, trial.eps, {}, w);
    Vector<double> gradient = Vector<double>::Zero(vae.parameters.size());
    for (const elbo::LayerGradient<double>& layer : vae.gradients(trial.x, w)) {
      layer.add_to(gradient);
    }
    CHECK(max_difference(logged, terms.elbo()) < 1e-12);
    CHECK(max_difference(trial.program.gradient, gradient / 3) < 1e-12);
  }
}

TEST_CASE("KL by quadrature: right, doubled, negated, turned round",
          "[museum][eq:bug-half-missing][eq:bug-kl-sign][eq:bug-kl-direction]") {
  for (const auto& [mean, log_variance] : {std::pair{0.7, -1.1}, {-1.2, 0.4}, {0.1, -0.3}}) {
    const double scale = std::exp(0.5 * log_variance), m = mean;
    const auto integrand = [&](double z) {
      const double log_q = log_normal(z, m, scale);
      return std::exp(log_q) * (log_q - log_normal(z, 0, 1));
    };
    const double integral = integrate(integrand, m - 12 * scale, m + 12 * scale);
    const Code q = code(mean, log_variance);
    CHECK_THAT(kl(q).value(0), WithinAbs(integral, 1e-12));  // both are exact to rounding
    // Off by a factor or a direction: by more than a hundredth of the value, at the least.
    for (const auto wrong : {kl_without_half, kl_of_wrong_sign, kl_of_wrong_direction}) {
      CHECK(std::abs(wrong(q).value(0) - integral) > 0.01 * integral);
    }
  }
}

TEST_CASE("one eps up and one down are two scales apart",
          "[museum][eq:bug-log-scale][eq:bug-z-is-mean]") {
  const auto scale = [](auto sample, double log_variance) {
    const Code q = code(0.4, log_variance);
    const elbo::Matrix<double> one = elbo::Matrix<double>::Ones(1, 1);
    return 0.5 * (sample(q, one).z(0) - sample(q, -one).z(0));
  };
  for (const double log_variance : {-3.0, -0.5, 1.0}) {
    const double wanted = std::sqrt(std::exp(log_variance));
    CHECK_THAT(scale(reparameterise, log_variance), WithinAbs(wanted, 1e-15));
    CHECK(std::abs(scale(log_variance_as_log_scale, log_variance) - wanted) > 0.1);
    CHECK(scale(mean_alone, log_variance) == 0);
  }
}

TEST_CASE("noise of mean 0 and variance 1, and two that are not",
          "[museum][eq:bug-noise-scale][eq:bug-uniform-noise]") {
  constexpr Index n = 20000;
  const auto variance_is_one = [](auto noise) {
    MonteCarlo squares;
    const elbo::Matrix<double> eps = noise(numbers, 1, n, 0);
    for (const double e : eps.reshaped()) squares.add(e * e);
    return squares.distance(1) < elbo::sigmas;
  };
  const auto mean_is_zero = [](auto noise) {
    MonteCarlo mean;
    const elbo::Matrix<double> eps = noise(numbers, 1, n, 0);
    for (const double e : eps.reshaped()) mean.add(e);
    return mean.distance(0) < elbo::sigmas;
  };
  CHECK(mean_is_zero(normal_noise));
  CHECK(variance_is_one(normal_noise));
  CHECK_FALSE(variance_is_one(small_noise));
  CHECK_FALSE(variance_is_one(uniform_noise));
  CHECK_FALSE(mean_is_zero(uniform_noise));
}

TEST_CASE("logits are log-odds, pixel by pixel",
          "[museum][eq:bug-mean-reduction][eq:bug-sigmoid-twice]") {
  const elbo::Matrix<double> eta = pixels(0.8, -1.7);
  const auto log_odds = [&](auto score) {
    return score(pixels(1, 0), eta, 0.0).log_prob(0) - score(pixels(0, 0), eta, 0.0).log_prob(0);
  };
  CHECK_THAT(log_odds(bernoulli), WithinAbs(0.8, 1e-15));
  CHECK(std::abs(log_odds(bernoulli_mean) - 0.8) > 0.1);
  CHECK(std::abs(log_odds(bernoulli_sigmoid_twice) - 0.8) > 0.1);
  // Only the first wrong one fails to add up to 1 over all pictures: the sum is not enough to
  // catch the second, which is a fine model, but another one than is sampled from.
  const auto sum = [&](auto score) {
    double total = 0;
    for (const double a : {0.0, 1.0}) {
      for (const double b : {0.0, 1.0})
        total += std::exp(score(pixels(a, b), eta, 0.0).log_prob(0));
    }
    return total;
  };
  CHECK_THAT(sum(bernoulli), WithinAbs(1, 1e-14));
  CHECK_THAT(sum(bernoulli_sigmoid_twice), WithinAbs(1, 1e-14));
  CHECK(sum(bernoulli_mean) > 1.1);
}

TEST_CASE("a density integrates to one over all that a pixel can be",
          "[museum][eq:bug-grey-bernoulli][eq:bug-mse-without-variance]") {
  const auto density = [](auto score, double log_variance) {
    return [=](double x) {
      const elbo::Matrix<double> pixel = elbo::Matrix<double>::Constant(1, 1, x);
      const elbo::Matrix<double> eta = elbo::Matrix<double>::Constant(1, 1, 0.8);
      return std::exp(score(pixel, eta, log_variance).log_prob(0));
    };
  };
  const auto coin = density(bernoulli, 0);
  CHECK_THAT(coin(0) + coin(1), WithinAbs(1, 1e-15));  // black or white: a probability
  CHECK(integrate(coin, 0, 1) < 0.5);                  // grey: not a density
  CHECK_THAT(integrate(density(gaussian, -1.3), -9, 10), WithinAbs(1, 1e-13));
  const double mass = integrate(density(squared_error, 0), -9, 10);
  CHECK_THAT(mass, WithinAbs(std::sqrt(std::numbers::pi), 1e-13));  // not 1
}

TEST_CASE("weights of 1 and 3 have the mean 2", "[museum][eq:bug-average-log-weights]") {
  const elbo::Matrix<double> log_weights = pixels(std::log(1.0), std::log(3.0));
  CHECK_THAT(log_of_mean(log_weights).value(0), WithinAbs(std::log(2.0), 1e-15));
  CHECK(std::abs(mean_of_log(log_weights).value(0) - std::log(2.0)) > 0.1);
}

TEST_CASE("Adam's first step, with and without its corrections",
          "[museum][eq:bug-no-bias-correction]") {
  const auto first_step = [](const std::string& name) {
    Trial trial(name);
    const Vector<double> before = trial.program.parameters;
    trial.program.step(trial.x, trial.eps);
    return (trial.program.parameters - before).cwiseAbs().maxCoeff() / small.learning_rate;
  };
  // 1e-4: epsilon beside the largest gradient. Without: (1 - beta1) / sqrt(1 - beta2).
  CHECK_THAT(first_step("correct"), WithinAbs(1, 1e-4));
  CHECK_THAT(first_step("no-bias-correction"), WithinAbs(std::sqrt(10.0), 1e-4));
}

TEST_CASE("of the same model some bugs say more than is true", "[museum][eq:museum-looks-better]") {
  Trial right("correct");
  // Scales below 1, as after training.
  right.program.parameters.head(40).setConstant(-0.3);
  const double truth = right.program.forward_and_back(right.x, right.eps).mean();
  for (const std::string name : {"mean-reduction", "kl-sign"}) {
    INFO(name);
    Trial wrong(name);
    wrong.program.parameters = right.program.parameters;
    CHECK(wrong.program.forward_and_back(wrong.x, wrong.eps).mean() > truth + 0.1);
  }
}

TEST_CASE("an encoder is fitted to a decoder that stays", "[museum][eq:museum-step]") {
  Trial spoiled("mean-reduction"), repair("correct");
  repair.program.keep_decoder(spoiled.program.parameters);
  const Vector<double> before = repair.program.parameters;
  repair.program.step(repair.x, repair.eps);
  const Vector<double> moved = repair.program.parameters - before;
  const Index encoder = (6 + 1) * 5 + (5 + 1) * 4;
  CHECK(moved.head(encoder).cwiseAbs().maxCoeff() > 0);
  CHECK(moved.tail(moved.size() - encoder).cwiseAbs().maxCoeff() == 0);
  CHECK(max_difference(before.tail(before.size() - encoder),
                       spoiled.program.parameters.tail(before.size() - encoder)) == 0);
}

TEST_CASE("the tests that the museum's catalogue names exist", "[museum][labels]") {
  const std::filesystem::path tests = std::filesystem::path(ELBO_SOURCE_DIR) / "tests";
  std::string all, here;
  for (const auto& entry : std::filesystem::directory_iterator(tests)) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream file(entry.path());
    const std::string text(std::istreambuf_iterator<char>(file), {});
    all += text;
    if (entry.path().filename() == "museum_test.cpp") here = text;
  }
  CHECK(exhibits().size() >= 15);
  for (const Exhibit& e : exhibits()) {
    INFO(e.card.name);
    CHECK(contains(all, "TEST_CASE(\"" + e.card.caught_by + "\""));
    CHECK(contains(here, "[" + e.card.label + "]"));
    CHECK(exhibit(e.like).is_right());
  }
}
