// Chapter 7, section 6: two images' posteriors, seen whole. One where the encoder looks nearly
// right, and where a Markov chain walks; and the one that it serves worst.
#include <algorithm>
#include <cmath>

#include "chain.hpp"
#include "elbo/quadrature.hpp"
#include "inference.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;
using elbo::Vector;

struct Normal2 {
  Vector<double> mean;
  Matrix<double> covariance;
};

// Mean and covariance by the numbers of a normal: the slope ties the second code to the first.
Normal2 moments(const Matrix<float>& phi, Index image) {
  const Vector<double> p = phi.col(image).cast<double>();
  const double a = std::exp(0.5 * p(2)), b = std::exp(0.5 * p(3));
  const double slope = p.size() > 4 ? p(4) : 0.0;
  return {p.head(2),
          Matrix<double>{{a * a, a * b * slope}, {a * b * slope, b * b * (1 + slope * slope)}}};
}

// [kl-on-a-grid]
// KL(q || p(z | x)) from values of both densities on a grid around q.
double kl_on_grid(const elbo::Vae<float>& vae, const Matrix<float>& x, double log_evidence,
                  const Normal2& q) {
  constexpr Index side = 65;
  const double reach_x = 6 * std::sqrt(q.covariance(0, 0)),
               reach_y = 6 * std::sqrt(q.covariance(1, 1));
  const auto place = [](double middle, double reach, Index i) {
    return middle + reach * (2.0 * static_cast<double>(i) / (side - 1) - 1);
  };
  Matrix<float> z(2, side * side);
  for (Index i = 0; i < z.cols(); ++i) {
    z.col(i) << static_cast<float>(place(q.mean(0), reach_x, i % side)),
        static_cast<float>(place(q.mean(1), reach_y, i / side));
  }
  const Matrix<double> joint = log_joint(vae, x, z);
  double kl = 0, mass = 0;
  for (Index i = 0; i < z.cols(); ++i) {
    const double log_q = elbo::textbook::log_normal(
        static_cast<double>(z(0, i)), static_cast<double>(z(1, i)), q.mean, q.covariance);
    kl += std::exp(log_q) * (log_q - (joint(0, i) - log_evidence));
    mass += std::exp(log_q);
  }
  return kl / mass;
}
// [kl-on-a-grid]

// Of the images whose posterior is nearly some normal, the one that a diagonal normal fits worst:
// one hump, and tilted.
Index most_tilted(const RowVector<double>& log_evidence, const RowVector<double>& diagonal,
                  const RowVector<double>& full) {
  Index chosen = 0;
  double most = -1;
  for (Index i = 0; i < full.size(); ++i) {
    if (log_evidence(i) - full(i) > 0.1) continue;
    if (full(i) - diagonal(i) > most) {
      most = full(i) - diagonal(i);
      chosen = i;
    }
  }
  return chosen;
}

// The posterior around an image's q's, for contours.
void record_posterior(elbo::Table& table, int panel, const elbo::Vae<float>& vae,
                      const Matrix<float>& x, double log_evidence,
                      const std::vector<Normal2>& shown) {
  Eigen::Array2d low(1e300, 1e300), high(-1e300, -1e300);
  for (const Normal2& q : shown) {
    const Eigen::Array2d reach = 4 * q.covariance.diagonal().array().sqrt();
    low = low.min(q.mean.array() - reach);
    high = high.max(q.mean.array() + reach);
  }
  const double half = 0.5 * (high - low).maxCoeff();  // a square
  const Eigen::Array2d middle = 0.5 * (low + high);
  constexpr Index side = 121;
  for (Index row = 0; row < side; ++row) {
    Matrix<float> z(2, side);
    for (Index i = 0; i < side; ++i) {
      const Eigen::Array2d place(2.0 * static_cast<double>(i) / (side - 1) - 1,
                                 2.0 * static_cast<double>(row) / (side - 1) - 1);
      z.col(i) = (middle + half * place).cast<float>().matrix();
    }
    const Matrix<double> joint = log_joint(vae, x, z);
    for (Index i = 0; i < side; ++i) {
      table.add({static_cast<double>(panel), static_cast<double>(z(0, i)),
                 static_cast<double>(z(1, i)), joint(0, i) - log_evidence});
    }
  }
}

// A chain in the plane of codes, and its answer beside quadrature's.
void hamiltonian(const Run& run, const elbo::Vae<float>& vae, const Matrix<float>& x,
                 const Posterior& exact, const Normal2& start) {
  constexpr Index count = 16;
  const Matrix<float> copies = x.replicate(1, count);
  // [target]
  const auto target = [&](const Matrix<double>& z, Matrix<double>& gradient) {
    Matrix<float> dz;
    const RowVector<float> log_p = vae.log_joint_gradient(copies, z.cast<float>(), dz);
    gradient = dz.cast<double>();
    return RowVector<double>(log_p.cast<double>());
  };
  // [target]
  // A step of a quarter of the posterior's small axis, and a path of one and a half large ones.
  const Matrix<double>& s = start.covariance;
  const double half_trace = 0.5 * s.trace();
  const double root = std::hypot(0.5 * (s(0, 0) - s(1, 1)), s(0, 1));
  const double small = std::sqrt(half_trace - root), large = std::sqrt(half_trace + root);
  const elbo::HmcOptions options{.step_size = 0.25 * small,
                                 .steps = std::clamp(static_cast<int>(6 * large / small), 6, 30)};

  const elbo::Random random(run.seed, elbo::Stream::play, 21);
  const Matrix<double> from =
      start.mean.replicate(1, count) +
      large * elbo::Random(run.seed, elbo::Stream::play, 22).normal<double>(2, count);
  const Walk walked = walk(target, options, from, run.quick ? 150 : 500, random, 30);
  double worst = 0, least = 1e300;
  for (int r = 0; r < 2; ++r) {
    const Measured m = measure(walked, [r](const auto& z) { return z(r); });
    worst = std::max(worst, std::abs(m.mean - exact.mean(r, 0)) / m.standard_error);
    least = std::min(least, m.effective);
  }
  double worst_square = 0;
  for (int entry = 0; entry < 3; ++entry) {
    const int r = entry / 2, c = (entry + 1) / 2;  // 00, 01, 11
    const Measured m = measure(walked, [&](const auto& z) {
      return (z(r) - exact.mean(r, 0)) * (z(c) - exact.mean(c, 0));
    });
    worst_square =
        std::max(worst_square, std::abs(m.mean - exact.moments(entry, 0)) / m.standard_error);
  }
  run.report.claim_at_most("eq:hmc-image-mean",
                           "HMC on one image: means against quadrature, worst in standard errors",
                           5, worst);
  run.report.claim_at_most("eq:hmc-image-covariance",
                           "and covariances against quadrature, worst of three", 5, worst_square);
  run.report.result("image_chain_acceptance", walked.acceptance);
  run.report.result("image_chain_draws", static_cast<double>(walked.z.size()) * count);
  run.report.result("image_chain_least_effective", least);

  // For the figure: ten moves of one chain, step by step, and draws of all.
  elbo::Table path({"move", "x", "y"}), draws({"x", "y"});
  elbo::Chains chain = elbo::start_chains(target, from);
  for (int move = 0; move < 10; ++move) {
    const auto first = static_cast<std::uint64_t>(move) * 2 * count;
    const Matrix<double> eps = random.normal<double>(2, count, first);
    elbo::Chains rolling = chain;
    Matrix<double> momentum = eps;
    elbo::HmcOptions one = options;
    one.steps = 1;
    path.add({static_cast<double>(move), rolling.z(0, 0), rolling.z(1, 0)});
    for (int step = 0; step < options.steps; ++step) {
      elbo::leapfrog(target, one, rolling, momentum);
      path.add({static_cast<double>(move), rolling.z(0, 0), rolling.z(1, 0)});
    }
    hmc_move(target, options, eps, random.uniform<double>(1, count, first), chain);
  }
  for (std::size_t move = 0; move < walked.z.size(); move += 10) {
    for (Index c = 0; c < count; ++c) draws.add({walked.z[move](0, c), walked.z[move](1, c)});
  }
  run.report.csv("hmc_path", path);
  run.report.csv("hmc_draws", draws);
}

}  // namespace

void two_posteriors(const Run& run, const Trained& trained, const Answers& a) {
  const auto bound = [&](const Family& family, const Matrix<float>& phi) {
    return elbo_of(run, trained.vae, trained.unseen, family, phi);
  };
  const RowVector<double> encoder = bound(mean_field, a.encoder),
                          refined = bound(mean_field, a.refined),
                          per_datum = bound(mean_field, a.per_datum),
                          full = bound(full_covariance, a.full_per_datum);
  Index worst_served = 0;
  (a.log_evidence - encoder).maxCoeff(&worst_served);
  const Index images[2] = {most_tilted(a.log_evidence, per_datum, full), worst_served};

  elbo::Table grid({"panel", "x", "y", "log_posterior"});
  elbo::Table normals(
      {"panel", "inference", "mean_x", "mean_y", "var_xx", "var_xy", "var_yy", "gap"});
  double apart = 0;
  for (int panel = 0; panel < 2; ++panel) {
    const Index i = images[panel];
    const Matrix<float> x = trained.unseen.col(i);
    std::vector<Normal2> shown;
    int inference = 0;
    for (const auto& [phi, bounds] : {std::pair{&a.encoder, &encoder},
                                      {&a.refined, &refined},
                                      {&a.per_datum, &per_datum},
                                      {&a.full_per_datum, &full}}) {
      const Normal2 q = moments(*phi, i);
      const double gap = a.log_evidence(i) - (*bounds)(i);
      apart = std::max(apart, std::abs(kl_on_grid(trained.vae, x, a.log_evidence(i), q) - gap));
      normals.add({static_cast<double>(panel), static_cast<double>(inference++), q.mean(0),
                   q.mean(1), q.covariance(0, 0), q.covariance(0, 1), q.covariance(1, 1), gap});
      shown.push_back(q);
    }
    record_posterior(grid, panel, trained.vae, x, a.log_evidence(i), shown);
  }
  run.report.csv("posterior_grid", grid);
  run.report.csv("posterior_normals", normals);
  // Both are sums of floats with 6 digits of some 150 nats.
  run.report.claim("eq:inference-gap-is-kl",
                   "log p(x) - ELBO = KL(q || posterior) added up on a grid, worst of 8", 0, apart,
                   5e-3);
  elbo::Table pixels({"first", "second"});
  for (Index pixel = 0; pixel < trained.unseen.rows(); ++pixel) {
    pixels.add({static_cast<double>(trained.unseen(pixel, images[0])),
                static_cast<double>(trained.unseen(pixel, images[1]))});
  }
  run.report.csv("two_images", pixels);

  const Matrix<float> x = trained.unseen.col(images[0]);
  hamiltonian(run, trained.vae, x, by_quadrature(run, trained.vae, x, {run.quick ? 201 : 401}),
              moments(a.full_per_datum, images[0]));
}

}  // namespace chapter
