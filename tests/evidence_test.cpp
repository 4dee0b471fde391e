// The ELBO and the evidence of a data set, estimated: held against integrals over the code.
#include <cstring>

#include "elbo/estimators.hpp"
#include "elbo/quadrature.hpp"
#include "naive_vae.hpp"

using namespace elbo;

namespace {

const VaeOptions options{.pixels = 5, .hidden = {4}, .latent = 1, .activation = Activation::tanh};
const Random numbers(71, Stream::play);

double gauss(double z) {
  return std::exp(-0.5 * z * z - 0.5 * log_2pi);
}

struct Exact {
  double evidence, reconstruction, kl, variance;  // of log p(x | z) under q
};

// One code dimension: every expectation is an integral over the line.
Exact exact(const NaiveVae& vae, const std::vector<double>& x) {
  const auto under = [](auto&& f) { return integrate(f, -10.0, 10.0, 100); };
  Exact e;
  e.evidence =
      std::log(under([&](double z) { return gauss(z) * std::exp(vae.log_likelihood(x, {z})); }));
  e.reconstruction = under([&](double eps) { return gauss(eps) * vae.reconstruction(x, {eps}); });
  const double square =
      under([&](double eps) { return gauss(eps) * std::pow(vae.reconstruction(x, {eps}), 2); });
  e.variance = square - e.reconstruction * e.reconstruction;
  e.kl = vae.kl(x);
  return e;
}

Exact exact(const NaiveVae& vae, const Matrix<double>& x) {
  Exact mean{0, 0, 0, 0};
  const double n = static_cast<double>(x.cols());
  for (Index i = 0; i < x.cols(); ++i) {
    const Exact e = exact(vae, numbers_of(x, i));
    mean.evidence += e.evidence / n;
    mean.reconstruction += e.reconstruction / n;
    mean.kl += e.kl / n;
    mean.variance += e.variance / n;
  }
  return mean;
}

}  // namespace

TEST_CASE("ELBO of a data set against quadrature", "[estimators][eq:elbo-reconstruction-kl]") {
  const Vae<double> vae = random_vae(options, 11, 0.8);
  const Matrix<double> x = numbers.uniform<double>(5, 300);  // more than one task's 256
  const Exact expected = exact(naive(vae), x);
  Threads threads(1);
  const int samples = 20;
  const ElboEstimate got = elbo::elbo(vae, DataSource<double>::from(x), samples, 5, threads);
  // The images are the same on both sides, so only the noise of the samples is left.
  const double error = std::sqrt(expected.variance / (300.0 * samples));
  CHECK_THAT(got.reconstruction, WithinAbs(expected.reconstruction, sigmas * error));
  CHECK_THAT(got.kl, WithinAbs(expected.kl, 1e-12));
  CHECK(got.elbo() == got.reconstruction - got.kl);
  CHECK(got.elbo() < expected.evidence);

  // Its standard error: the spread over the images, and what L samples leave of the noise. 3 %:
  // the part that is noise is itself drawn 300 times, but it is the smaller one.
  MonteCarlo bounds;
  const NaiveVae oracle = naive(vae);
  for (Index i = 0; i < x.cols(); ++i) {
    const Exact e = exact(oracle, numbers_of(x, i));
    bounds.add(e.reconstruction - e.kl);
  }
  const double spread = std::sqrt((bounds.variance() + expected.variance / samples) / 300.0);
  CHECK_THAT(got.standard_error, WithinRel(spread, 0.03));
}

TEST_CASE("the ELBO's standard error is the spread of its repetitions", "[estimators]") {
  // Equal images: the noise of the samples is all there is, and integrals tell how large. Noise
  // used for two images, two tasks or two samples would make the spread larger than that.
  const Vae<double> vae = random_vae(options, 12, 0.8);
  const Matrix<double> image = numbers.uniform<double>(5, 1), x = image.replicate(1, 600);
  const Exact expected = exact(naive(vae), image);
  Threads threads(1);
  for (const int samples : {1, 3}) {
    MonteCarlo values, errors;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const ElboEstimate e = elbo::elbo(vae, DataSource<double>::from(x), samples, seed, threads);
      values.add(e.elbo());
      errors.add(e.standard_error);
    }
    const double truth = std::sqrt(expected.variance / (600.0 * samples));
    CHECK_THAT(errors.mean(), WithinRel(truth, 0.02));                          // 200 x 600 draws
    CHECK_THAT(std::sqrt(values.variance()), WithinRel(truth, sigmas * 0.05));  // 1 / sqrt(400)
    CHECK(values.distance(expected.reconstruction - expected.kl) < sigmas);
  }
}

TEST_CASE("evidence of a data set against quadrature", "[estimators][eq:log-evidence]") {
  const Vae<double> vae = random_vae(options, 13, 0.4);
  const Matrix<double> x = numbers.uniform<double>(5, 40);
  const NaiveVae oracle = naive(vae);
  Threads threads(1);
  const DataSource<double> data = DataSource<double>::from(x);
  const EvidenceEstimate got = log_evidence(vae, data, 30, 2000, 5, threads);
  REQUIRE(got.per_sample.size() == 30);
  const Exact expected = exact(oracle, x.leftCols(30));
  // The estimate lies below by half its variance per image on average: less than its error here.
  CHECK_THAT(got.log_evidence, WithinAbs(expected.evidence, (sigmas + 1) * got.monte_carlo_error));
  CHECK(got.monte_carlo_error < 0.02);
  MonteCarlo images;
  for (Index i = 0; i < 30; ++i) {
    const double value = got.per_sample[static_cast<std::size_t>(i)];
    images.add(value);
    // 0.02 above was the error of the mean of 30; one image has sqrt(30) times that.
    CHECK_THAT(value, WithinAbs(exact(oracle, numbers_of(x, i)).evidence,
                                3 * sigmas * std::sqrt(30.0) * got.monte_carlo_error));
  }
  CHECK_THAT(got.log_evidence, WithinAbs(images.mean(), 1e-12));
  CHECK_THAT(got.standard_error, WithinRel(images.standard_error(), 1e-10));
  CHECK((got.effective_sample_size > 1 && got.effective_sample_size < 2000));
  CHECK(log_evidence(vae, data, 1000, 10, 5, threads).per_sample.size() == 40);
}

TEST_CASE("two code dimensions: evidence against a double integral",
          "[estimators][eq:log-evidence][eq:importance-weight]") {
  VaeOptions two = options;
  two.latent = 2;
  two.likelihood = Likelihood::gaussian_learned;
  const Vae<double> vae = random_vae(two, 14, 0.3);
  const NaiveVae oracle = naive(vae);
  const Matrix<double> x = numbers.uniform<double>(5, 1);
  const std::vector<double> image = numbers_of(x, 0);
  const double expected = std::log(integrate2(
      [&](double a, double b) {
        return gauss(a) * gauss(b) * std::exp(oracle.log_likelihood(image, {a, b}));
      },
      -8.0, 8.0, -8.0, 8.0, 120));
  Threads threads(1);
  const EvidenceEstimate got = log_evidence(vae, DataSource<double>::from(x), 1, 20000, 3, threads);
  CHECK_THAT(got.log_evidence, WithinAbs(expected, sigmas * got.monte_carlo_error));
  CHECK(got.monte_carlo_error < 0.1);  // the integral is far sharper than this check
  CHECK(got.standard_error == 0.0);    // one image: no spread over images
}

TEST_CASE("the evidence's Monte Carlo error is the spread of its repetitions",
          "[estimators][eq:log-evidence]") {
  // Equal images again; k = 700 is more than the 256 that are decoded at a time.
  const Vae<double> vae = random_vae(options, 15, 0.4);
  const Matrix<double> image = numbers.uniform<double>(5, 1), x = image.replicate(1, 3);
  Threads threads(1);
  MonteCarlo values, errors;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const EvidenceEstimate e =
        log_evidence(vae, DataSource<double>::from(x), 3, 700, seed, threads);
    values.add(e.log_evidence);
    errors.add(e.monte_carlo_error);
    if (seed == 0) CHECK(e.per_sample[0] != e.per_sample[1]);  // every image its own noise
  }
  CHECK_THAT(std::sqrt(values.variance()), WithinRel(errors.mean(), sigmas * 0.05));
}

TEST_CASE("estimates do not depend on the number of threads", "[estimators][threads]") {
  const Vae<float> vae({.pixels = 5, .hidden = {4}, .latent = 2}, 16);
  const Matrix<float> x = numbers.uniform<float>(5, 700);
  const DataSource<float> data = DataSource<float>::from(x);
  Threads one(1);
  const ElboEstimate bound = elbo::elbo(vae, data, 2, 3, one);
  const EvidenceEstimate evidence = log_evidence(vae, data, 20, 300, 3, one);
  for (const int count : {2, 3, 4}) {
    Threads threads(count);
    const ElboEstimate b = elbo::elbo(vae, data, 2, 3, threads);
    CHECK((b.elbo() == bound.elbo() && b.standard_error == bound.standard_error));
    CHECK(log_evidence(vae, data, 20, 300, 3, threads).per_sample == evidence.per_sample);
  }
  CHECK(elbo::elbo(vae, data, 2, 4, one).elbo() != bound.elbo());
  CHECK(contains(refusal([&] { elbo::elbo(vae, data, 0, 3, one); }), "no samples"));
  CHECK(contains(refusal([&] { log_evidence(vae, data, 0, 10, 3, one); }), "no data"));
}

TEST_CASE("the ELBO's Monte Carlo error is the spread of repeated estimates", "[estimators]") {
  const elbo::Vae<double> vae({.pixels = 6, .hidden = {5}, .latent = 2}, 3);
  const elbo::Matrix<double> x = elbo::Matrix<double>::Random(6, 8).cwiseAbs();
  const auto data = elbo::DataSource<double>::from(x);
  elbo::Threads threads(1);
  MonteCarlo values, errors;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const elbo::ElboEstimate estimate = elbo::elbo(vae, data, 10, seed, threads);
    values.add(estimate.elbo());
    errors.add(estimate.monte_carlo_error);
  }
  // 400 values know their spread to 3.5 %.
  CHECK_THAT(errors.mean(), WithinRel(std::sqrt(values.variance()), 5 * 0.035));
  CHECK(elbo::elbo(vae, data, 1, 1, threads).monte_carlo_error == 0.0);
}
