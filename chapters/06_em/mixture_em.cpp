// Chapter 6, section 1: EM is coordinate ascent on the ELBO. The E-step moves q until the bound
// touches the likelihood; the M-step moves the model, and the likelihood slips away upwards.
#include <algorithm>
#include <cmath>

#include "elbo/quadrature.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Mixture;
using elbo::Normal;
using elbo::Vector;

double log_density(const Normal<double>& n, double x, double y) {
  return elbo::textbook::log_normal(x, y, n.mean(), n.covariance());
}

// KL(r || posterior) summed over the points: what separates the bound from the likelihood.
double gap(const Mixture<double>& model, const Matrix<double>& x, const Matrix<double>& r) {
  const Vector<double> weight = model.weights.log_probs().array().exp();
  double sum = 0;
  for (Index i = 0; i < x.cols(); ++i) {
    Vector<double> joint(weight.size());
    for (Index k = 0; k < joint.size(); ++k) {
      const Normal<double>& n = model.components[static_cast<std::size_t>(k)];
      joint(k) = weight(k) * std::exp(log_density(n, x(0, i), x(1, i)));
    }
    for (Index k = 0; k < joint.size(); ++k) {
      if (r(k, i) > 0) sum += r(k, i) * std::log(r(k, i) * joint.sum() / joint(k));
    }
  }
  return sum;
}

// Where the components stand, for the figure: one row a component and iteration.
void record(elbo::Table& table, int iteration, const Mixture<double>& model) {
  for (std::size_t k = 0; k < model.components.size(); ++k) {
    const Normal<double>& n = model.components[k];
    table.add({static_cast<double>(iteration), static_cast<double>(k),
               std::exp(model.weights.log_prob(static_cast<Index>(k))), n.mean()(0), n.mean()(1),
               n.covariance()(0, 0), n.covariance()(0, 1), n.covariance()(1, 1)});
  }
}

// The best bound among 50 models a small random step away: an M-step must beat them all.
double best_nearby_model(const Mixture<double>& model, const Matrix<double>& x,
                         const Matrix<double>& r, const elbo::Random& random) {
  double best = -1e300;
  for (std::uint64_t trial = 0; trial < 50; ++trial) {
    Mixture<double> moved = model;
    moved.weights.logits += 0.02 * random.normal<double>(r.rows(), 1, 100 * trial);
    for (std::size_t k = 0; k < moved.components.size(); ++k) {
      const Vector<double> step = 0.02 * random.normal<double>(2, 1, 100 * trial + 10 + 8 * k);
      const Matrix<double> a = Matrix<double>::Identity(2, 2) +
                               0.02 * random.normal<double>(2, 2, 100 * trial + 12 + 8 * k);
      const Normal<double>& n = model.components[k];
      moved.components[k] = Normal<double>(n.mean() + step, a * n.covariance() * a.transpose());
    }
    best = std::max(best, elbo::mixture_elbo(moved, x, r));
  }
  return best;
}

// The same for 50 sets of responsibilities, which an E-step must beat.
double best_nearby_q(const Mixture<double>& model, const Matrix<double>& x, const Matrix<double>& r,
                     const elbo::Random& random) {
  double best = -1e300;
  for (std::uint64_t trial = 0; trial < 50; ++trial) {
    const auto first = trial * static_cast<std::uint64_t>(r.size());
    const Matrix<double> noise = random.normal<double>(r.rows(), r.cols(), first);
    Matrix<double> moved = r.array() * (0.05 * noise.array()).exp();
    for (Index i = 0; i < moved.cols(); ++i) moved.col(i) /= moved.col(i).sum();
    best = std::max(best, elbo::mixture_elbo(model, x, moved));
  }
  return best;
}

}  // namespace

double log_likelihood(const Mixture<double>& model, const Matrix<double>& x) {
  const Vector<double> weight = model.weights.log_probs().array().exp();
  double sum = 0;
  for (Index i = 0; i < x.cols(); ++i) {
    double density = 0;
    for (std::size_t k = 0; k < model.components.size(); ++k) {
      density += weight(static_cast<Index>(k)) *
                 std::exp(log_density(model.components[k], x(0, i), x(1, i)));
    }
    sum += std::log(density);
  }
  return sum;
}

void mixture_em(elbo::Report& report, const Cloud& cloud, std::uint64_t seed) {
  const Matrix<double>& x = cloud.points;
  Mixture<double> model = cloud.guess;
  double worst_touch = 0, worst_gap = 0, smallest_rise = 1e300, bound = -1e300;
  elbo::Table steps({"iteration", "after_e_step", "after_m_step", "log_likelihood"});
  elbo::Table where(
      {"iteration", "component", "weight", "mean_x", "mean_y", "var_xx", "var_xy", "var_yy"});
  record(where, 0, model);

  // [em]
  Matrix<double> q;
  for (int iteration = 1; iteration <= 60; ++iteration) {
    q = elbo::e_step(model, x);
    const double touched = elbo::mixture_elbo(model, x, q);
    const double likelihood = log_likelihood(model, x);
    worst_touch = std::max(worst_touch, std::abs(touched - likelihood));

    model = elbo::m_step(x, q);
    const double raised = elbo::mixture_elbo(model, x, q);
    const double above = log_likelihood(model, x) - raised;
    worst_gap = std::max(worst_gap, std::abs(above - gap(model, x, q)));
    smallest_rise = std::min({smallest_rise, touched - bound, raised - touched});
    bound = raised;
    // [em]
    record(where, iteration, model);
    steps.add({static_cast<double>(iteration), touched, raised, raised + above});
  }
  report.csv("em_steps", steps);
  report.csv("em_components", where);
  const Matrix<double> posterior = elbo::e_step(model, x);
  const auto row = [](const auto& r) { return std::vector<double>(r.begin(), r.end()); };
  report.csv("em_points", {{"x", row(x.row(0))},
                           {"y", row(x.row(1))},
                           {"r0", row(posterior.row(0))},
                           {"r1", row(posterior.row(1))},
                           {"r2", row(posterior.row(2))}});

  const double size = std::abs(bound);
  report.claim("eq:em-touches", "largest |ELBO - log-likelihood| over 60 E-steps", 0, worst_touch,
               1e-12 * size);
  report.claim("eq:em-gap", "largest |gap after an M-step - KL(q || posterior)|", 0, worst_gap,
               1e-11 * size);
  report.claim_at_least("eq:em-monotone", "smallest change of the ELBO in 120 half-steps", 0,
                        smallest_rise, 1e-12 * size);
  report.claim_at_most("eq:m-step", "no model of 50 nearby beats the M-step's",
                       elbo::mixture_elbo(model, x, q),
                       best_nearby_model(model, x, q, elbo::Random(seed, elbo::Stream::play, 1)));
  report.claim_at_most(
      "eq:e-step", "no q of 50 nearby beats the E-step's", elbo::mixture_elbo(model, x, posterior),
      best_nearby_q(model, x, posterior, elbo::Random(seed, elbo::Stream::play, 2)));
  report.claim("eq:mixture-log-prob", "log p(x) of the library = the densities added up",
               log_likelihood(model, x), model.log_prob(x).sum(), 1e-12 * size);
  report.result("mixture_log_likelihood", log_likelihood(model, x));
  report.result("mixture_log_likelihood_truth", log_likelihood(cloud.truth, x));
  report.result("mixture_start", steps.columns()[1].values.front());
}

}  // namespace chapter
