// Chapter 6's EM, half a step at a time: the points, the path from a guess on, the
// responsibilities.
#include "elbo/mixture.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "calls.hpp"
#include "mixture_start.hpp"

namespace interactive {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Vector;
using Model = elbo::Mixture<double>;

constexpr Index most_points = 2000;
constexpr int half_steps = 120;  // sixty turns, as in the chapter

// x and y of every point stand in `numbers` from `first` on.
Matrix<double> points_of(const Numbers& numbers, std::size_t first) {
  const auto count = static_cast<Index>(numbers.size() - first);
  if (count % 2 != 0 || count > 2 * most_points) {
    throw std::invalid_argument("mixture: wanted x and y of at most " +
                                std::to_string(most_points) + " points, found " +
                                std::to_string(count) + " numbers");
  }
  return Eigen::Map<const Matrix<double>>(numbers.data() + first, 2, count / 2);
}

Numbers flat(const Matrix<double>& m) {
  return {m.data(), m.data() + m.size()};
}

// set -> x and y of every point
Numbers points(const Numbers& a) {
  return flat(ready_made_points(static_cast<int>(a[0])));
}

// KL(r || p(k | x)) summed over the points, in logarithms: a posterior may round to 0.
double kl_to_posterior(const Model& model, const Matrix<double>& x, const Matrix<double>& r) {
  const Matrix<double> joint = model.log_joint(x);
  const elbo::RowVector<double> evidence = model.log_prob(x);
  double sum = 0;
  for (Index i = 0; i < x.cols(); ++i) {
    for (Index k = 0; k < r.rows(); ++k) {
      if (r(k, i) > 0) sum += r(k, i) * (std::log(r(k, i)) - joint(k, i) + evidence(i));
    }
  }
  return std::max(0.0, sum);  // rounding may take it below
}

// Whether a component has shrunk onto one spot or one line, but for rounding.
bool has_shrunk(const Model& model) {
  for (const elbo::Normal<double>& one : model.components) {
    const Matrix<double>& s = one.covariance();
    const double determinant = s(0, 0) * s(1, 1) - s(0, 1) * s(0, 1), size = s.trace() / 2;
    if (!(determinant > 1e-12 * size * size)) return true;
  }
  return false;
}

// Appends ELBO, log-likelihood, KL(q || posterior), and of every component its weight, mean,
// and covariance xx, xy, yy. False, and nothing appended, where these are no longer numbers.
bool record(Numbers& out, const Model& model, const Matrix<double>& x, const Matrix<double>& r) {
  const double bound = elbo::mixture_elbo(model, x, r), likelihood = model.log_prob(x).sum();
  const double gap = kl_to_posterior(model, x, r);
  if (!std::isfinite(bound) || !std::isfinite(likelihood) || !std::isfinite(gap)) return false;
  out.insert(out.end(), {bound, likelihood, gap});
  const Vector<double> log_weight = model.weights.log_probs();
  for (std::size_t k = 0; k < model.components.size(); ++k) {
    const Vector<double>& mean = model.components[k].mean();
    const Matrix<double>& s = model.components[k].covariance();
    out.insert(out.end(), {std::exp(log_weight(static_cast<Index>(k))), mean(0), mean(1), s(0, 0),
                           s(0, 1), s(1, 1)});
  }
  return true;
}

// components, kind of guess, draw, ridge, points
// -> why the path ends (0: it has all half-steps, 1: a component has shrunk onto a spot or a line,
// 2: one has lost all its points), then `record` of the start, where q is uniform, and of every
// half-step: E, M, E, ...
Numbers path(const Numbers& a) {
  const Matrix<double> x = points_of(a, 4);
  const auto components = static_cast<int>(a[0]);
  Model model = first_guess(components, static_cast<int>(a[1]), static_cast<int>(a[2]), x);
  Matrix<double> r = Matrix<double>::Constant(components, x.cols(), 1.0 / components);
  Numbers out{0};
  record(out, model, x, r);
  for (int step = 1; step <= half_steps && x.cols() > 0; ++step) {
    bool sound = true;
    if (step % 2 == 1) {
      r = elbo::e_step(model, x);
    } else {
      try {
        model = elbo::m_step(x, r, a[3]);
        sound = !has_shrunk(model);
      } catch (const std::invalid_argument&) {
        sound = false;
      }
    }
    if (sound && record(out, model, x, r)) continue;
    out[0] = r.rowwise().sum().minCoeff() > 0 ? 1 : 2;
    break;
  }
  return out;
}

// components, weight, mean and covariance (xx, xy, yy) of each, points -> their responsibilities
Numbers e_step(const Numbers& a) {
  const auto components = static_cast<std::size_t>(a[0]);
  if (a.size() < 1 + 6 * components) {
    throw std::invalid_argument("mixture_e_step: wanted 6 numbers a component, found " +
                                std::to_string(a.size() - 1));
  }
  Model model{{Vector<double>(components)}, {}};
  for (std::size_t k = 0; k < components; ++k) {
    const double* one = a.data() + 1 + 6 * k;
    if (!(one[0] > 0)) throw std::invalid_argument("mixture_e_step: wanted positive weights");
    model.weights.logits(static_cast<Index>(k)) = std::log(one[0]);
    model.components.emplace_back(Vector<double>{{one[1], one[2]}},
                                  Matrix<double>{{one[3], one[4]}, {one[4], one[5]}});
  }
  return flat(elbo::e_step(model, points_of(a, 1 + 6 * components)));
}

}  // namespace

Calls mixture_calls() {
  const Argument components{"components", 2, 4, whole}, place{"coordinate", -10, 10};
  return {{"mixture_points", {{{"set", 0, 4, whole}}, points}},
          {"mixture_path",
           {{components, {"kind of guess", 0, 2, whole}, {"draw", 1, 1000, whole}, {"ridge", 0, 1}},
            path,
            place}},
          {"mixture_e_step", {{components}, e_step, Argument{"number", -100, 100}}}};
}

}  // namespace interactive
