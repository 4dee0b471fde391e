// The whole gradient of the objective: finite differences, and PyTorch on the same numbers.
#include "gradient_check.hpp"
#include "naive_vae.hpp"
#include "reference/torch.inc"

using namespace elbo;

namespace {

const Random numbers(51, Stream::play);

// The objective of a batch, by plain loops.
double objective(const NaiveVae& oracle, const Matrix<double>& x, const Matrix<double>& eps,
                 const ObjectiveWeights& weights) {
  double sum = 0;
  for (Index i = 0; i < x.cols(); ++i) {
    const std::vector<double> image = numbers_of(x, i);
    sum += weights.kl * oracle.kl(image) -
           weights.reconstruction * oracle.reconstruction(image, numbers_of(eps, i));
  }
  return sum;
}

}  // namespace

TEST_CASE("gradient of the VAE's objective by finite differences", "[vae][eq:vae-gradient]") {
  const auto likelihood =
      GENERATE(Likelihood::bernoulli, Likelihood::gaussian, Likelihood::gaussian_learned);
  const auto activation = GENERATE(Activation::relu, Activation::tanh);
  const auto hidden =
      GENERATE(std::vector<Index>{}, std::vector<Index>{7}, std::vector<Index>{6, 5});
  const VaeOptions options{.pixels = 6,
                           .hidden = hidden,
                           .latent = 2,
                           .likelihood = likelihood,
                           .activation = activation};
  const ObjectiveWeights weights{.reconstruction = 0.75, .kl = 2.5};
  const Matrix<double> x = numbers.uniform<double>(6, 5), eps = numbers.normal<double>(2, 5, 100);
  const Vae<double> vae = random_vae(options, 8, 0.7);
  INFO(to_string(likelihood) << ", " << hidden.size() << " hidden layers, "
                             << (activation == Activation::relu ? "relu" : "tanh"));

  NaiveVae oracle = naive(vae);
  const Objective f = [&](const Vector<double>& at) {
    oracle.parameters = at;
    return objective(oracle, x, eps, weights);
  };
  f(vae.parameters);
  // Finite differences move an activation's input by some 1e-5: no kink may be that near.
  REQUIRE((activation == Activation::tanh || oracle.kink > 1e-4));

  // The gradient is ADDED: it starts at 1 and must end 1 too high.
  Vae<double>::Workspace w;
  Vector<double> gradient = Vector<double>::Ones(vae.parameters.size());
  const ElboTerms<double> terms = vae.elbo_gradient(x, eps, weights, gradient, w);
  gradient.array() -= 1.0;
  check_gradient(f, vae.parameters, gradient);
  const double value =
      weights.kl * terms.kl.sum() - weights.reconstruction * terms.reconstruction.sum();
  CHECK_THAT(value, WithinAbs(objective(naive(vae), x, eps, weights), 1e-11));
}

TEST_CASE("several draws an image count by their mean", "[vae][eq:vae-gradient]") {
  const Vae<double> vae = random_vae({.pixels = 6, .hidden = {7}, .latent = 2}, 9);
  const Matrix<double> x = numbers.uniform<double>(6, 3), eps = numbers.normal<double>(2, 6, 100);
  const ObjectiveWeights weights{.reconstruction = 0.75, .kl = 2.5};
  Vae<double>::Workspace w;
  Vector<double> together = Vector<double>::Zero(vae.parameters.size()), one_by_one = together;
  const ElboTerms<double> terms = vae.elbo_gradient(x, eps, weights, together, w);
  const ElboTerms<double> first = vae.elbo_gradient(x, eps.leftCols(3), weights, one_by_one, w);
  const ElboTerms<double> second = vae.elbo_gradient(x, eps.rightCols(3), weights, one_by_one, w);
  CHECK(max_difference(together, 0.5 * one_by_one) < 1e-13);
  CHECK(max_difference(terms.elbo(), 0.5 * (first.elbo() + second.elbo())) < 1e-13);
}

TEST_CASE("gradient of the k-sample bound by finite differences", "[vae][eq:iwae-gradient]") {
  const auto likelihood = GENERATE(Likelihood::bernoulli, Likelihood::gaussian_learned);
  const VaeOptions options{.pixels = 6,
                           .hidden = {7},
                           .latent = 2,
                           .likelihood = likelihood,
                           .activation = Activation::tanh};
  constexpr Index n = 3, k = 4;
  const Matrix<double> x = numbers.uniform<double>(6, n),
                       eps = numbers.normal<double>(2, n * k, 100);
  Vae<double> vae = random_vae(options, 8, 0.7);
  Vae<double>::Workspace w;
  // The bound from textbook densities: log of the mean of p(x | z) p(z) / q(z | x).
  const auto bound = [&](const Vector<double>& at) {
    Vae<double> moved = vae;
    moved.parameters = at;
    const DiagonalNormal<double> q = moved.encode(x);
    double sum = 0;
    for (Index i = 0; i < n; ++i) {
      double mean = 0;
      for (Index j = 0; j < k; ++j) {
        Matrix<double> z(2, 1);
        double log_ratio = 0;
        for (Index r = 0; r < 2; ++r) {
          const double scale = std::exp(0.5 * q.log_variance(r, i)), e = eps(r, j * n + i);
          z(r, 0) = q.mean(r, i) + scale * e;
          log_ratio += -0.5 * z(r, 0) * z(r, 0) + 0.5 * e * e + std::log(scale);
        }
        const Matrix<double> image = x.col(i);
        mean += std::exp(moved.log_likelihood(image, z)(0) + log_ratio) / double(k);
      }
      sum += std::log(mean);
    }
    return sum;
  };
  const ElboTerms<double> terms = vae.iwae_errors(x, eps, w);
  Vector<double> gradient = Vector<double>::Zero(vae.parameters.size());
  for (const LayerGradient<double>& layer : vae.gradients(x, w)) layer.add_to(gradient);
  CHECK_THAT(terms.elbo().sum(), WithinAbs(bound(vae.parameters), 1e-11));
  const Objective loss = [&](const Vector<double>& at) { return -bound(at); };
  check_gradient(loss, vae.parameters, gradient);
}

TEST_CASE("free bits: a dimension below its floor pays nothing", "[vae][eq:free-bits]") {
  const Vae<double> vae = random_vae({.pixels = 6,
                                      .hidden = {7},
                                      .latent = 4,
                                      .likelihood = Likelihood::bernoulli,
                                      .activation = Activation::tanh},
                                     8, 0.7);
  constexpr Index n = 5, d = 4;
  const Matrix<double> x = numbers.uniform<double>(6, n), eps = numbers.normal<double>(d, n, 100);
  NaiveVae oracle = naive(vae);
  // The mean over the images of each dimension's KL, by the textbook's formula.
  const auto mean_kl = [&] {
    std::vector<double> kl(d);
    for (Index i = 0; i < n; ++i) {
      const std::vector<double> code = oracle.encode(numbers_of(x, i));
      for (std::size_t j = 0; j < d; ++j) {
        const double mean = code[j], variance = std::exp(code[d + j]);
        kl[j] += 0.5 * (variance + mean * mean - 1 - std::log(variance)) / double(n);
      }
    }
    return kl;
  };
  // Floors below all, between the second and the third, and above all of the four.
  std::vector<double> sorted = mean_kl();
  std::sort(sorted.begin(), sorted.end());
  for (const double floor : {0.5 * sorted[0], 0.5 * (sorted[1] + sorted[2]), 2 * sorted[3]}) {
    const ObjectiveWeights weights{.reconstruction = 0.75, .kl = 2.5, .free_bits = floor};
    const Objective f = [&](const Vector<double>& at) {
      oracle.parameters = at;
      double sum = 0;
      for (Index i = 0; i < n; ++i) {
        sum -= weights.reconstruction * oracle.reconstruction(numbers_of(x, i), numbers_of(eps, i));
      }
      for (const double kl : mean_kl()) sum += weights.kl * double(n) * std::max(floor, kl);
      return sum;
    };
    Vae<double>::Workspace w;
    Vector<double> gradient = Vector<double>::Zero(vae.parameters.size());
    const ElboTerms<double> terms = vae.elbo_gradient(x, eps, weights, gradient, w);
    INFO("floor " << floor);
    check_gradient(f, vae.parameters, gradient);
    // What is reported is the KL itself, not what was paid for it.
    const RowVector<double> kl = vae.elbo(x, eps).kl;
    CHECK(max_difference(terms.kl, kl) < 1e-13);
  }
}

TEST_CASE("a workspace serves batches of any size", "[vae][eq:vae-gradient]") {
  const VaeOptions options{.pixels = 6, .hidden = {7}, .latent = 2};
  const Vae<double> vae = random_vae(options, 9);
  const Matrix<double> x = numbers.uniform<double>(6, 5), eps = numbers.normal<double>(2, 5, 100);
  // The batch's gradient is the sum of its images' gradients, one memory for all.
  Vector<double> whole = Vector<double>::Zero(vae.parameters.size()), parts = whole;
  Vae<double>::Workspace w;
  vae.elbo_gradient(x, eps, {}, whole, w);
  for (Index i = 0; i < 5; ++i) vae.elbo_gradient(x.col(i), eps.col(i), {}, parts, w);
  CHECK(max_difference(parts, whole) < 1e-13);
}

TEST_CASE("float follows double", "[vae][eq:vae-gradient]") {
  const VaeOptions options{
      .pixels = 6, .hidden = {7}, .latent = 2, .likelihood = Likelihood::gaussian_learned};
  const Vae<double> vae = random_vae(options, 10);
  Vae<float> single(options, 1);
  single.parameters = vae.parameters.cast<float>();
  const Matrix<double> x = numbers.uniform<double>(6, 5), eps = numbers.normal<double>(2, 5, 100);
  Vector<double> gradient = Vector<double>::Zero(vae.parameters.size());
  Vector<float> single_gradient = Vector<float>::Zero(vae.parameters.size());
  Vae<double>::Workspace w;
  Vae<float>::Workspace single_w;
  const ElboTerms<double> terms = vae.elbo_gradient(x, eps, {}, gradient, w);
  const ElboTerms<float> single_terms =
      single.elbo_gradient(x.cast<float>(), eps.cast<float>(), {}, single_gradient, single_w);
  // Some hundred roundings of 6e-8 each, of the largest number that is added up.
  CHECK(max_difference(single_terms.elbo().cast<double>(), terms.elbo()) <
        1e-5 * terms.elbo().cwiseAbs().maxCoeff());
  CHECK(max_difference(single_gradient.cast<double>(), gradient) <
        1e-5 * gradient.cwiseAbs().maxCoeff());
}

TEST_CASE("PyTorch: both terms and the gradient",
          "[reference][vae][eq:elbo-reconstruction-kl][eq:vae-gradient]") {
  struct Case {
    Likelihood likelihood;
    Activation activation;
    ObjectiveWeights weights;
    const double *reconstruction, *kl, *gradient;
  };
  using namespace reference;
  const Case cases[] = {{Likelihood::bernoulli,
                         Activation::tanh,
                         {},
                         bernoulli_reconstruction,
                         bernoulli_kl,
                         bernoulli_gradient},
                        {Likelihood::gaussian,
                         Activation::relu,
                         {},
                         gaussian_reconstruction,
                         gaussian_kl,
                         gaussian_gradient},
                        {Likelihood::gaussian_learned,
                         Activation::tanh,
                         {0.75, 2.5},
                         gaussian_learned_reconstruction,
                         gaussian_learned_kl,
                         gaussian_learned_gradient}};
  for (const Case& c : cases) {
    INFO(to_string(c.likelihood));
    Vae<double> vae({.pixels = 12,
                     .hidden = {5},
                     .latent = 2,
                     .likelihood = c.likelihood,
                     .activation = c.activation},
                    1);
    const Index size = vae.parameters.size();
    REQUIRE(size == static_cast<Index>(std::size(vae_parameters)));
    vae.parameters = matrix_of(vae_parameters, size, 1);
    const Matrix<double> x = matrix_of(vae_x, 12, 3), eps = matrix_of(vae_eps, 2, 3);
    Vector<double> gradient = Vector<double>::Zero(size);
    Vae<double>::Workspace w;
    const ElboTerms<double> terms = vae.elbo_gradient(x, eps, c.weights, gradient, w);
    // 1e-12: two programs, a few hundred roundings each, on numbers of size 10.
    CHECK(max_difference(terms.reconstruction, matrix_of(c.reconstruction, 1, 3)) < 1e-12);
    CHECK(max_difference(terms.kl, matrix_of(c.kl, 1, 3)) < 1e-12);
    CHECK(max_difference(gradient, matrix_of(c.gradient, size, 1)) < 1e-12);
    CHECK(max_difference(vae.elbo(x, eps).elbo(), terms.elbo()) < 1e-12);
  }
}

TEST_CASE("log p(x, z) and its gradient by the code", "[vae][eq:vae-log-joint-gradient]") {
  const auto likelihood = GENERATE(Likelihood::bernoulli, Likelihood::gaussian_learned);
  const VaeOptions options{.pixels = 6,
                           .hidden = {7},
                           .latent = 2,
                           .likelihood = likelihood,
                           .activation = Activation::tanh};
  const Vae<double> vae = random_vae(options, 12, 0.7);
  const NaiveVae oracle = naive(vae);
  const Matrix<double> x = numbers.uniform<double>(6, 3), z = numbers.normal<double>(2, 3, 100);
  Matrix<double> dz;
  const RowVector<double> value = vae.log_joint_gradient(x, z, dz);
  for (Index i = 0; i < 3; ++i) {
    const Objective by_hand = [&](const Vector<double>& at) {
      return oracle.log_likelihood(numbers_of(x, i), {at(0), at(1)}) - 0.5 * at.squaredNorm() -
             log_2pi;
    };
    CHECK_THAT(value(i), WithinAbs(by_hand(z.col(i)), 1e-12));
    check_gradient(by_hand, z.col(i), dz.col(i));
  }
  CHECK(contains(refusal([&] { vae.log_joint_gradient(x, z.leftCols(2), dz); }),
                 "2 x 3, found 2 x 2"));
}
