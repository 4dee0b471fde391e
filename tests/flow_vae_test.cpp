// The VAE with a flow: against the plain VAE where the flow has no steps, against the density by
// the way back, and its gradients against finite differences.
#include "elbo/flow_vae.hpp"
#include "elbo/quadrature.hpp"
#include "elbo/trainer.hpp"
#include "gradient_check.hpp"

using namespace elbo;

namespace {

const Random numbers(74, Stream::play);

const FlowVaeOptions small = {.pixels = 6,
                              .hidden = {7},
                              .latent = 2,
                              .context = 3,
                              .flow_hidden = {8},
                              .steps = 2,
                              .activation = Activation::tanh};

FlowVae<double> random_flow_vae(const FlowVaeOptions& options) {
  FlowVae<double> vae(options, 1);
  vae.parameters = 0.5 * numbers.normal<double>(vae.parameters.size(), 1, 5000);
  return vae;
}

Vector<double> gradient_in(const FlowVae<double>& vae, const Matrix<double>& x,
                           const FlowVae<double>::Workspace& w) {
  Vector<double> gradient = Vector<double>::Zero(vae.parameters.size());
  for (const LayerGradient<double>& layer : vae.gradients(x, w)) layer.add_to(gradient);
  return gradient;
}

}  // namespace

TEST_CASE("without steps it is the VAE", "[flow-vae][eq:flow-vae-gradient]") {
  FlowVaeOptions options = small;
  options.steps = 0;
  options.context = 0;
  FlowVae<double> flow(options, 3);
  Vae<double> vae({.pixels = 6, .hidden = {7}, .latent = 2, .activation = Activation::tanh}, 3);
  // The same layout but for the VAE's log-variance at the end.
  REQUIRE(flow.parameters.size() + 1 == vae.parameters.size());
  vae.parameters.head(flow.parameters.size()) = flow.parameters;
  const Matrix<double> x = numbers.uniform<double>(6, 4), eps = numbers.normal<double>(2, 4, 100);
  CHECK(max_difference(flow.log_weight(x, flow.encode(x), eps),
                       vae.log_weight(x, vae.encode(x), eps)) < 1e-13);
  FlowVae<double>::Workspace w;
  Vae<double>::Workspace v;
  const ElboTerms<double> a = flow.iwae_errors(x, eps, w), b = vae.iwae_errors(x, eps, v);
  CHECK(max_difference(a.elbo(), b.elbo()) < 1e-13);
}

TEST_CASE("q(z | x) is a density, and the one of its draws",
          "[flow-vae][eq:flow-log-prob][eq:flow-density]") {
  const FlowVae<double> vae = random_flow_vae(small);
  const Matrix<double> x = numbers.uniform<double>(6, 1), code = vae.encode(x);
  const Matrix<double> eps = numbers.normal<double>(2, 50, 100);
  RowVector<double> log_q;
  const Matrix<double> z = vae.rsample(code.replicate(1, 50), eps, log_q);
  CHECK(max_difference(vae.log_prob(code.replicate(1, 50), z), log_q) < 1e-9);
  // Its integral over the plane is 1, its mean that of the draws' own integral over the noise.
  const auto q = [&](double a, double b) {
    Matrix<double> at(2, 1);
    at << a, b;
    return std::exp(vae.log_prob(code, at)(0));
  };
  // 0.04 apart: several points for the narrowest scale; what is left is of the tails.
  CHECK_THAT(integrate2(q, -8, 8, -8, 8, 400), WithinAbs(1.0, 1e-6));
}

TEST_CASE("gradient of the flow VAE by finite differences", "[flow-vae][eq:flow-vae-gradient]") {
  const Index draws = GENERATE(1, 3), steps = GENERATE(0, 1, 2);
  FlowVaeOptions options = small;
  options.steps = steps;
  FlowVae<double> vae = random_flow_vae(options);
  const Matrix<double> x = numbers.uniform<double>(6, 3),
                       eps = numbers.normal<double>(2, 3 * draws, 100);
  const ObjectiveWeights weights{.reconstruction = 0.75, .kl = 2.5};
  // The loss from the public pieces, draw by draw: log p(x | z) by the decoder's logits.
  const auto terms_of = [&](const FlowVae<double>& v, Index column) {
    const Matrix<double> image = x.col(column % 3), noise = eps.col(column);
    RowVector<double> log_q;
    const Matrix<double> z = v.rsample(v.encode(image), noise, log_q), logits = v.decode(z);
    double log_x = 0, log_prior = 0;
    for (Index i = 0; i < 6; ++i) {
      log_x += image(i) * logits(i) - std::log(1 + std::exp(logits(i)));
    }
    for (Index i = 0; i < 2; ++i) log_prior -= 0.5 * (z(i) * z(i) + log_2pi);
    return std::pair(log_x, log_q(0) - log_prior);
  };
  const Vector<double> at = vae.parameters;
  const auto loss = [&](const Vector<double>& p) {
    vae.parameters = p;
    double sum = 0;
    for (Index c = 0; c < eps.cols(); ++c) {
      const auto [reconstruction, kl] = terms_of(vae, c);
      sum += (2.5 * kl - 0.75 * reconstruction) / double(draws);
    }
    return sum;
  };
  const double value = loss(at);
  FlowVae<double>::Workspace w;
  const ElboTerms<double> terms = vae.elbo_errors(x, eps, weights, w);
  CHECK_THAT(2.5 * terms.kl.sum() - 0.75 * terms.reconstruction.sum(), WithinAbs(value, 1e-11));
  check_gradient(loss, at, gradient_in(vae, x, w));

  // The bound of k samples: log of the mean weight.
  vae.parameters = at;
  const ElboTerms<double> bound = vae.iwae_errors(x, eps, w);
  const Vector<double> gradient = gradient_in(vae, x, w);
  const auto minus_bound = [&](const Vector<double>& p) {
    vae.parameters = p;
    double sum = 0;
    for (Index i = 0; i < 3; ++i) {
      double mean = 0;
      for (Index j = 0; j < draws; ++j) {
        const auto [reconstruction, kl] = terms_of(vae, j * 3 + i);
        mean += std::exp(reconstruction - kl) / double(draws);
      }
      sum -= std::log(mean);
    }
    return sum;
  };
  CHECK_THAT(bound.elbo().sum(), WithinAbs(-minus_bound(at), 1e-11));
  check_gradient(minus_bound, at, gradient);
}

TEST_CASE("the trainer trains it, masks and all", "[flow-vae][trainer]") {
  const Matrix<double> x = (numbers.uniform<double>(6, 150).array() > 0.5).cast<double>();
  const auto data = DataSource<double>::from(x);
  const auto trained = [&](int threads) {
    FlowVae<double> vae(small, 2);
    Adam<double> adam(vae.parameters.size(), {.learning_rate = 1e-2});
    Threads pool(threads);
    std::vector<double> bounds;
    train(vae, adam, data, {.epochs = 5, .batch = 30, .seed = 4}, pool,
          [&](const Epoch& e) { bounds.push_back(e.elbo()); });
    CHECK(bounds.back() > bounds.front());
    return vae.parameters;
  };
  const Vector<double> one = trained(1);
  CHECK(max_difference(one, trained(2)) == 0);
  // A weight that is missing has no gradient, so it has not moved from 0.
  const FlowVae<double> fresh(small, 2);
  Index missing = 0;
  for (const auto& [name, slice] : fresh.layout().slices()) {
    if (name.rfind("flow.", 0) != 0 || name.find("weight") == std::string::npos) continue;
    for (Index i = 0; i < slice.size(); ++i) {
      const Index at = slice.offset + i;
      if (fresh.parameters(at) != 0) continue;
      ++missing;
      CHECK(one(at) == 0);
    }
  }
  CHECK(missing > 10);
}
