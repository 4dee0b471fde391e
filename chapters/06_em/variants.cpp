// Chapter 6, section 2: what may be weakened. Each line of the table gives up one thing that EM
// does exactly, and the ELBO remains what all of them climb.
#include <algorithm>
#include <cmath>

#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Mixture;
using elbo::Normal;
using elbo::Vector;

constexpr int iterations = 150;

// Where a variant ended, and whether it ever fell on the way.
struct Outcome {
  Mixture<double> model;
  double elbo = -1e300, log_likelihood = 0, smallest_rise = 1e300;
};

// Takes turns: q from the model, the model from q.
template <class EStep, class MStep>
Outcome alternate(const Cloud& cloud, EStep e_step, MStep m_step) {
  Outcome run{cloud.guess};
  for (int iteration = 0; iteration < iterations; ++iteration) {
    const Matrix<double> q = e_step(run.model);
    run.model = m_step(run.model, q);
    const double bound = elbo::mixture_elbo(run.model, cloud.points, q);
    run.smallest_rise = std::min(run.smallest_rise, bound - run.elbo);
    run.elbo = bound;
  }
  run.log_likelihood = log_likelihood(run.model, cloud.points);
  return run;
}

// [generalised]
// Generalised EM: improve the model without maximising. The means go a third of the way, uphill
// since the ELBO is concave in them; then each covariance is the best for the mean it now has.
Mixture<double> part_of_the_way(const Mixture<double>& model, const Mixture<double>& best) {
  Mixture<double> next = best;
  for (std::size_t k = 0; k < model.components.size(); ++k) {
    const Vector<double> rest =
        2.0 / 3.0 * (best.components[k].mean() - model.components[k].mean());
    next.components[k] = Normal<double>(best.components[k].mean() - rest,
                                        best.components[k].covariance() + rest * rest.transpose());
  }
  return next;
}
// [generalised]

// [hard]
// Variational EM with a poor family: q may only point at one component (as k-means does).
Matrix<double> hard_assignment(const Matrix<double>& responsibilities) {
  Matrix<double> q = Matrix<double>::Zero(responsibilities.rows(), responsibilities.cols());
  for (Index i = 0; i < q.cols(); ++i) {
    Index best = 0;
    responsibilities.col(i).maxCoeff(&best);
    q(best, i) = 1;
  }
  return q;
}
// [hard]

// [stochastic]
// Stochastic EM: each M-step sees a mini-batch, and moves a decreasing part of the way in the
// statistics sum r, sum r x, sum r x x' (Cappe and Moulines 2009, with steps t^-0.7).
Mixture<double> stochastic(const Cloud& cloud, std::uint64_t seed) {
  constexpr Index batch = 50;
  const elbo::Random random(seed, elbo::Stream::play, 7);
  const Index n = cloud.points.cols();
  Mixture<double> model = cloud.guess;
  Matrix<double> statistics = Matrix<double>::Zero(6, 3);
  for (int step = 1; step <= iterations * 10; ++step) {
    Matrix<double> x(2, batch);
    for (Index j = 0; j < batch; ++j) {
      const auto index = static_cast<std::uint64_t>(step * batch + j);
      x.col(j) = cloud.points.col(random.below(static_cast<std::uint32_t>(n), index));
    }
    const Matrix<double> r = elbo::e_step(model, x);
    Matrix<double> terms(6, batch);
    terms << Matrix<double>::Ones(1, batch), x, x.row(0).cwiseAbs2(),
        x.row(0).cwiseProduct(x.row(1)), x.row(1).cwiseAbs2();
    const double rate = step == 1 ? 1.0 : std::pow(step, -0.7);
    statistics += rate * (terms * r.transpose() / static_cast<double>(batch) - statistics);

    model.weights.logits = statistics.row(0).transpose().array().log();
    for (Index k = 0; k < 3; ++k) {
      const Vector<double> s = statistics.col(k) / statistics(0, k);
      const Vector<double> mean = s.segment(1, 2);
      Matrix<double> covariance{{s(3), s(4)}, {s(4), s(5)}};
      covariance -= mean * mean.transpose();
      covariance.diagonal().array() += 1e-6;
      model.components[static_cast<std::size_t>(k)] = Normal<double>(mean, covariance);
    }
  }
  return model;
}
// [stochastic]

}  // namespace

void variants(elbo::Report& report, const Cloud& cloud, std::uint64_t seed) {
  const Matrix<double>& x = cloud.points;
  const auto soft = [&](const Mixture<double>& model) { return elbo::e_step(model, x); };
  const auto hard = [&](const Mixture<double>& model) { return hard_assignment(soft(model)); };
  const auto full = [&](const Mixture<double>&, const Matrix<double>& q) {
    return elbo::m_step(x, q, 1e-9);
  };
  const auto partial = [&](const Mixture<double>& model, const Matrix<double>& q) {
    return part_of_the_way(model, elbo::m_step(x, q));
  };

  const Outcome exact = alternate(cloud, soft, full);
  const Outcome generalised = alternate(cloud, soft, partial);
  const Outcome variational = alternate(cloud, hard, full);
  const double stochastic_likelihood = log_likelihood(stochastic(cloud, seed), x);

  const double slack = 1e-9 * std::abs(exact.elbo);
  report.claim_at_least("eq:generalised-em", "part of an M-step never lowers the ELBO", 0,
                        generalised.smallest_rise, slack);
  const Mixture<double> once_more = elbo::m_step(x, soft(generalised.model));
  report.claim("eq:generalised-em", "and ends where one step of EM changes nothing",
               generalised.log_likelihood, log_likelihood(once_more, x),
               1e-6 * std::abs(exact.elbo));
  report.claim_at_least("eq:variational-em", "hard assignments never lower their ELBO", 0,
                        variational.smallest_rise, slack);
  // A q that is certain differs from the posterior r by KL = log 1 / (the largest r), at every
  // point.
  const double apart = -soft(variational.model).colwise().maxCoeff().array().log().sum();
  const double at_end = elbo::mixture_elbo(variational.model, x, hard(variational.model));
  report.claim("eq:variational-em-gap", "their gap never closes: sum of log 1 / max_k r", apart,
               variational.log_likelihood - at_end, slack);
  const double n = static_cast<double>(x.cols());
  report.claim("eq:stochastic-em", "mini-batches end where EM ends, within 0.05 nats a point",
               exact.log_likelihood / n, stochastic_likelihood / n, 0.05);

  report.result("em_log_likelihood", exact.log_likelihood);
  report.result("generalised_em_log_likelihood", generalised.log_likelihood);
  report.result("variational_em_log_likelihood", variational.log_likelihood);
  report.result("variational_em_elbo", variational.elbo);
  report.result("stochastic_em_log_likelihood", stochastic_likelihood);

  report.say("");
  report.say("from EM to the VAE   E-step                    M-step            data");
  report.say("EM                   exact, per point          closed form       all at once");
  report.say("generalised EM       exact, per point          an improvement    all at once");
  report.say("variational EM       best in a family          closed form       all at once");
  report.say("stochastic EM        exact, per point          closed form       mini-batches");
  report.say("VAE                  a network, amortised      a gradient step   mini-batches");
}

}  // namespace chapter
