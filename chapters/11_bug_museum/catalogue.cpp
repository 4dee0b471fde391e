// The catalogue: for every bug its line, what it looks like, and the test that catches it.
#include <cmath>
#include <stdexcept>

#include "exhibit.hpp"

namespace chapter {
namespace {

Exhibit with(Exhibit e, Card card) {
  e.card = std::move(card);
  return e;
}
Exhibit right(Exhibit e, Card card) {
  e.like = card.name;
  return with(std::move(e), std::move(card));
}

// The catalogue's programs that train on black and white pixels and draw one code an image.
void hang_binary(std::vector<Exhibit>& wall) {
  const Exhibit correct =
      right({}, {"correct", "eq:museum-correct", "", "reconstruction - KL, each a sum", "none",
                 "gradient of the VAE's objective by finite differences"});
  wall.push_back(correct);
  const auto hang = [&](const Card& card) -> Exhibit& {
    return wall.emplace_back(with(correct, card));
  };
  hang({"mean-reduction", "eq:bug-mean-reduction", "mean over pixels - KL", "sum over pixels - KL",
        "a superb bound, every sample the same grey mean", "log-likelihoods, a batch"})
      .parts.score = bernoulli_mean;
  hang({"half-missing", "eq:bug-half-missing", "sum(s^2 + m^2 - 1 - log s^2)",
        "0.5 * sum(s^2 + m^2 - 1 - log s^2)", "soft reconstructions; samples look fine",
        "KL from the standard normal"})
      .parts.divergence = kl_without_half;
  hang({"kl-sign", "eq:bug-kl-sign", "loss = -reconstruction - KL", "loss = -reconstruction + KL",
        "a bound that climbs without end, then not a number", "KL from the standard normal"})
      .parts.divergence = kl_of_wrong_sign;
  hang({"kl-direction", "eq:bug-kl-direction", "KL(prior || q)", "KL(q || prior)",
        "codes too broad, blurred pictures", "KL from the standard normal"})
      .parts.divergence = kl_of_wrong_direction;
  hang({"log-scale", "eq:bug-log-scale", "mean + exp(log_variance) * eps",
        "mean + exp(0.5 * log_variance) * eps", "a better bound than anybody else's",
        "reparameterised diagonal normal"})
      .parts.sample = log_variance_as_log_scale;
  hang({"noise-scale", "eq:bug-noise-scale", "eps = 0.01 * normal()", "eps = normal()",
        "sharp reconstructions and a record bound", "normal numbers are standard normal"})
      .parts.noise = small_noise;
  hang({"uniform-noise", "eq:bug-uniform-noise", "eps = rand()", "eps = randn()",
        "a better bound than the right program's", "normal numbers are standard normal"})
      .parts.noise = uniform_noise;
  hang({"z-is-mean", "eq:bug-z-is-mean", "z = mean", "z = mean + scale * eps",
        "scales of 1, sharp reconstructions, a record bound", "reparameterised diagonal normal"})
      .parts.sample = mean_alone;
  hang({"sigmoid-twice", "eq:bug-sigmoid-twice", "bce_with_logits(sigmoid(eta), x)",
        "bce_with_logits(eta, x)", "a loss that stalls high, pictures that go black",
        "log-likelihoods, a batch"})
      .parts.score = bernoulli_sigmoid_twice;
  hang({"no-bias-correction", "eq:bug-no-bias-correction", "m / (sqrt(v) + epsilon)",
        "m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)",
        "a first step too long, and often nothing else",
        "Adam's first step has the size of the learning rate"})
      .parts.correction = no_bias_correction;
  hang({"grey-bernoulli", "eq:bug-grey-bernoulli", "\"log p(x)\" of grey x under a Bernoulli",
        "log p(x) of x drawn black or white", "a number beside others that it is no match for",
        "a density integrates to one over all that a pixel can be"})
      .grey = true;
}

}  // namespace

const std::vector<Exhibit>& exhibits() {
  static const std::vector<Exhibit> all = [] {
    std::vector<Exhibit> wall;
    hang_binary(wall);

    Exhibit many = right({}, {"correct-k", "eq:museum-correct", "", "log of the mean of 5 weights",
                              "none", "gradient of the k-sample bound by finite differences"});
    many.parts.draws = 5;
    wall.push_back(many);
    many.parts.bound = mean_of_log;
    wall.push_back(
        with(many, {"average-log-weights", "eq:bug-average-log-weights", "mean(log_weights)",
                    "log_mean_exp(log_weights)", "more samples change nothing",
                    "the k-sample bound by enumeration of all draws"}));

    Exhibit normal = right(
        {}, {"correct-gaussian", "eq:museum-correct", "", "a normal whose variance is learned",
             "none", "gradient of the VAE's objective by finite differences"});
    normal.parts.score = gaussian;
    normal.truth = elbo::Likelihood::gaussian_learned;
    normal.grey = normal.truth_is_grey = true;
    normal.log_variance = -3;  // not far from the pixels' own around their means
    wall.push_back(normal);
    normal.parts.score = squared_error;
    normal.log_variance = std::log(0.5);  // what -|x - eta|^2 is the logarithm of, but for 2 pi
    wall.push_back(with(
        normal, {"mse-without-variance", "eq:bug-mse-without-variance", "-sum((x - eta)^2) - KL",
                 "-0.5 * sum(log 2 pi + v + (x - eta)^2 / exp(v)) - KL",
                 "blurred pictures, a bound in units of its own", "log-likelihoods, a batch"}));
    return wall;
  }();
  return all;
}

const Exhibit& exhibit(const std::string& name) {
  for (const Exhibit& e : exhibits()) {
    if (e.card.name == name) return e;
  }
  throw std::out_of_range("no exhibit is called " + name);
}

}  // namespace chapter
