// The VAE's values: each against plain loops, integrals or Monte Carlo.
#include "elbo/vae.hpp"

#include "elbo/quadrature.hpp"
#include "naive_vae.hpp"

using namespace elbo;

namespace {

const Random numbers(41, Stream::play);

VaeOptions small(Likelihood likelihood) {
  return {.pixels = 7,
          .hidden = {6, 5},
          .latent = 3,
          .likelihood = likelihood,
          .activation = Activation::tanh};
}

}  // namespace

TEST_CASE("both terms of the ELBO, a batch",
          "[vae][eq:elbo-reconstruction-kl][eq:importance-weight]") {
  const auto likelihood =
      GENERATE(Likelihood::bernoulli, Likelihood::gaussian, Likelihood::gaussian_learned);
  const auto activation = GENERATE(Activation::relu, Activation::tanh);
  VaeOptions options = small(likelihood);
  options.activation = activation;
  const Vae<double> vae = random_vae(options, 3);
  const NaiveVae oracle = naive(vae);
  const Matrix<double> x = numbers.uniform<double>(7, 4), eps = numbers.normal<double>(3, 4, 100);
  const ElboTerms<double> terms = vae.elbo(x, eps);
  const RowVector<double> log_w = vae.log_weight(x, vae.encode(x), eps);
  REQUIRE((terms.reconstruction.size() == 4 && terms.kl.size() == 4 && log_w.size() == 4));
  for (Index i = 0; i < 4; ++i) {
    const std::vector<double> image = numbers_of(x, i), noise = numbers_of(eps, i);
    const double reconstruction = oracle.reconstruction(image, noise), kl = oracle.kl(image);
    CHECK_THAT(terms.reconstruction(i), WithinAbs(reconstruction, 1e-12));
    CHECK_THAT(terms.kl(i), WithinAbs(kl, 1e-12));
    CHECK_THAT(terms.elbo()(i), WithinAbs(reconstruction - kl, 1e-12));
    CHECK_THAT(log_w(i), WithinAbs(oracle.log_weight(image, noise), 1e-12));
  }
}

TEST_CASE("encoder and decoder, column by column", "[vae]") {
  const Vae<double> vae = random_vae(small(Likelihood::bernoulli), 4);
  const NaiveVae oracle = naive(vae);
  const Matrix<double> x = numbers.uniform<double>(7, 4), z = numbers.normal<double>(3, 4, 100);
  const DiagonalNormal<double> q = vae.encode(x);
  const Matrix<double> eta = vae.decode(z), mean = vae.decode_mean(z);
  REQUIRE(
      (q.mean.rows() == 3 && q.log_variance.rows() == 3 && eta.rows() == 7 && mean.rows() == 7));
  for (Index i = 0; i < 4; ++i) {
    const std::vector<double> code = oracle.encode(numbers_of(x, i));
    for (Index r = 0; r < 3; ++r) {
      CHECK_THAT(q.mean(r, i), WithinAbs(code[static_cast<std::size_t>(r)], 1e-13));
      CHECK_THAT(q.log_variance(r, i), WithinAbs(code[static_cast<std::size_t>(3 + r)], 1e-13));
    }
    const std::vector<double> output = oracle.decode(numbers_of(z, i));
    for (Index r = 0; r < 7; ++r) {
      const double logit = output[static_cast<std::size_t>(r)];
      CHECK_THAT(eta(r, i), WithinAbs(logit, 1e-13));
      CHECK_THAT(mean(r, i), WithinAbs(1.0 / (1.0 + std::exp(-logit)), 1e-13));
    }
    CHECK_THAT(vae.log_likelihood(x, z)(i),
               WithinAbs(oracle.log_likelihood(numbers_of(x, i), numbers_of(z, i)), 1e-12));
  }
}

TEST_CASE("the mean log-weight and the mean of both terms estimate one ELBO, by quadrature",
          "[vae][eq:elbo-reconstruction-kl][eq:importance-weight]") {
  // One code dimension, so that E_q can be integrated.
  const VaeOptions options{.pixels = 5, .hidden = {4}, .latent = 1};
  const Vae<double> vae = random_vae(options, 5, 1.0);
  const NaiveVae oracle = naive(vae);
  const Matrix<double> image = numbers.uniform<double>(5, 1);
  const std::vector<double> x = numbers_of(image, 0);
  const double reconstruction = integrate(
      [&](double e) {
        return std::exp(-0.5 * e * e - 0.5 * log_2pi) * oracle.reconstruction(x, {e});
      },
      -10.0, 10.0, 400);
  const double bound = reconstruction - oracle.kl(x);

  const Index draws = 20000;
  const Matrix<double> copies = image.replicate(1, draws),
                       eps = numbers.normal<double>(1, draws, 500);
  MonteCarlo terms, weights;
  for (const double value : vae.elbo(copies, eps).elbo()) terms.add(value);
  for (const double value : vae.log_weight(copies, vae.encode(copies), eps)) weights.add(value);
  CHECK(terms.distance(bound) < sigmas);
  CHECK(weights.distance(bound) < sigmas);
  // The closed-form KL takes noise away: the usual reason for preferring this form.
  CHECK(std::abs(terms.mean() - weights.mean()) > 0);

  // The mean WEIGHT, not its logarithm, estimates p(x), which the bound stays below.
  const double evidence = integrate(
      [&](double z) {
        return std::exp(-0.5 * z * z - 0.5 * log_2pi + oracle.log_likelihood(x, {z}));
      },
      -10.0, 10.0, 400);
  MonteCarlo average;
  for (const double l : vae.log_weight(copies, vae.encode(copies), eps)) average.add(std::exp(l));
  CHECK(average.distance(evidence) < sigmas);
  CHECK(bound < std::log(evidence));
}

TEST_CASE("the layout of the parameters and where they start", "[vae]") {
  const Vae<double> vae(small(Likelihood::gaussian_learned), 6);
  const char* names[] = {"encoder.0.weight",    "encoder.0.bias",   "encoder.1.weight",
                         "encoder.1.bias",      "encoder.2.weight", "encoder.2.bias",
                         "decoder.0.weight",    "decoder.0.bias",   "decoder.1.weight",
                         "decoder.1.bias",      "decoder.2.weight", "decoder.2.bias",
                         "decoder.log_variance"};
  const Index sizes[] = {42, 6, 30, 5, 30, 6, 15, 5, 30, 6, 42, 7, 1};
  REQUIRE(vae.layout().slices().size() == std::size(names));
  for (std::size_t i = 0; i < std::size(names); ++i) {
    CHECK(vae.layout().slices()[i].first == names[i]);
    CHECK(vae.layout().slices()[i].second.size() == sizes[i]);
  }
  CHECK((vae.parameters.size() == 225 && vae.latent() == 3 && vae.log_variance() == 0.0));
  CHECK(vae.parameters == Vae<double>(small(Likelihood::gaussian_learned), 6).parameters);
  CHECK(vae.parameters != Vae<double>(small(Likelihood::gaussian_learned), 7).parameters);
  VaeOptions noisy = small(Likelihood::gaussian_learned);
  noisy.log_variance = -1.5;
  CHECK(Vae<double>(noisy, 6).log_variance() == -1.5);
}

TEST_CASE("the VAE refuses wrong shapes", "[vae][shape]") {
  const Vae<double> vae = random_vae(small(Likelihood::bernoulli), 4);
  const Matrix<double> x = Matrix<double>::Zero(7, 4), eps = Matrix<double>::Zero(3, 4);
  const Matrix<double> wrong = Matrix<double>::Zero(2, 4);
  Vector<double> gradient = vae.parameters;
  Vae<double>::Workspace w;
  CHECK(contains(refusal([&] { vae.encode(wrong); }), "7 x 4, found 2 x 4"));
  CHECK(contains(refusal([&] { vae.decode(wrong); }), "3 x 4, found 2 x 4"));
  CHECK(contains(refusal([&] { vae.elbo(x, wrong); }), "3 x 4, found 2 x 4"));
  CHECK(contains(refusal([&] { vae.elbo_gradient(x, wrong, {}, gradient, w); }),
                 "3 x 4, found 2 x 4"));
  CHECK(contains(refusal([&] { vae.log_likelihood(wrong, eps); }), "2 x 4, found 7 x 4"));
  CHECK(contains(refusal([] { Vae<double>({.pixels = 4, .hidden = {0}, .latent = 2}, 1); }),
                 "width"));
}
