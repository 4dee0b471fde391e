// Chapter 9, section 5: two codes, so that the true posterior can be laid out on a grid and the
// distance from q to it measured, with nothing sampled at all.
#include <algorithm>
#include <cmath>

#include "elbo/special.hpp"
#include "elbo/statistics.hpp"
#include "posteriors.hpp"

namespace chapter {
namespace {

using elbo::Average;
using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;
using elbo::Vector;

// The nodes (i, row), i = 0 .. side - 1, of a grid over a rectangle.
struct Grid {
  double left, bottom, x_step, y_step;
  Index side;

  Matrix<float> row(Index r) const {
    Matrix<float> z(2, side);
    for (Index i = 0; i < side; ++i) {
      z.col(i) << static_cast<float>(left + x_step * static_cast<double>(i)),
          static_cast<float>(bottom + y_step * static_cast<double>(r));
    }
    return z;
  }
  double log_cell() const { return std::log(x_step * y_step); }
};

// log p(x | z) + log p(z) for every image (a row each) and every code.
template <class Model>
Matrix<double> log_joint(const Model& vae, const Matrix<float>& x, const Matrix<float>& z) {
  const Matrix<float> logits = vae.decode(z);
  const RowVector<float> all_black =
      (logits.array().max(0.0f) + (-logits.array().abs()).exp().log1p()).colwise().sum();
  const RowVector<float> log_prior =
      (-0.5f * z.colwise().squaredNorm()).array() - static_cast<float>(elbo::log_two_pi);
  const Matrix<float> sum =
      (x.transpose() * logits).rowwise() + RowVector<float>(log_prior - all_black);
  return sum.cast<double>();
}

// [evidence]
// log p(x) of every image: the integral of p(x | z) p(z) over the plane of codes.
template <class Model>
Vector<double> log_evidence(const Run& run, const Model& vae, const Matrix<float>& x, Index side) {
  constexpr double reach = 8;  // codes of odd pictures lie far out
  const double step = 2 * reach / static_cast<double>(side - 1);
  const Grid grid{-reach, -reach, step, step, side};
  Matrix<double> rows(x.cols(), side);
  run.threads.run(static_cast<int>(side), [&](int r) {
    const Matrix<double> joint = log_joint(vae, x, grid.row(r));
    for (Index i = 0; i < x.cols(); ++i) rows(i, r) = elbo::log_sum_exp(joint.row(i));
  });
  Vector<double> result(x.cols());
  for (Index i = 0; i < x.cols(); ++i) {
    result(i) = elbo::log_sum_exp(rows.row(i)) + grid.log_cell();
  }
  return result;
}

// The ELBO of one image by quadrature over the noise.
template <class Model>
double exact_elbo(const Model& vae, const Matrix<float>& x, double step) {
  const auto reach = static_cast<Index>(6 / step);
  const auto q = vae.encode(x);
  const Index side = 2 * reach + 1;
  const Grid noise{-step * static_cast<double>(reach), -step * static_cast<double>(reach), step,
                   step, side};
  double sum = 0;
  for (Index r = 0; r < side; ++r) {
    const Matrix<float> eps = noise.row(r);
    const RowVector<float> log_w = vae.log_weight(x.replicate(1, side), copies(q, side), eps);
    for (Index i = 0; i < side; ++i) {
      const double log_p = -0.5 * static_cast<double>(eps.col(i).squaredNorm()) - elbo::log_two_pi;
      sum += std::exp(log_p) * static_cast<double>(log_w(i));
    }
  }
  return sum * step * step;
}
// [evidence]

// [posterior]
// q and the posterior of one image on a grid around where q puts its codes, as rows of a table;
// and the integral of q log(q / posterior).
template <class Model>
double kl_on_a_grid(const Model& vae, const Matrix<float>& x, double log_p_x, Index side,
                    elbo::Table* table, double model) {
  const auto q = vae.encode(x);
  Matrix<float> eps(2, 32);  // codes from 4.5 scales away, all around
  for (Index i = 0; i < eps.cols(); ++i) {
    const double turn = 2 * M_PI * static_cast<double>(i) / static_cast<double>(eps.cols());
    eps.col(i) << static_cast<float>(4.5 * std::cos(turn)),
        static_cast<float>(4.5 * std::sin(turn));
  }
  const Matrix<double> rim = draw(vae, copies(q, eps.cols()), eps).template cast<double>();
  const Vector<double> least = rim.rowwise().minCoeff(), size = rim.rowwise().maxCoeff() - least;
  const double parts = static_cast<double>(side - 1);
  const Grid grid{least(0), least(1), size(0) / parts, size(1) / parts, side};
  double kl = 0;
  for (Index r = 0; r < side; ++r) {
    const Matrix<float> z = grid.row(r);
    const Matrix<double> joint = log_joint(vae, x, z);
    const RowVector<double> density = log_q(vae, copies(q, side), z).template cast<double>();
    for (Index i = 0; i < side; ++i) {
      const double posterior = joint(0, i) - log_p_x;
      kl += std::exp(density(i) + grid.log_cell()) * (density(i) - posterior);
      if (table) {
        table->add({model, static_cast<double>(z(0, i)), static_cast<double>(z(1, i)),
                    std::exp(posterior), std::exp(density(i))});
      }
    }
  }
  return kl;
}
// [posterior]

// For some images log p(x), the ELBO, and so KL(q || posterior), their difference.
template <class Model>
struct Seen {
  Seen(const Run& run, const Model& vae_, const Matrix<float>& x)
      : vae(vae_), evidence(log_evidence(run, vae, x, run.quick ? 321 : 641)) {
    bound.resize(x.cols());
    run.threads.run(static_cast<int>(x.cols()), [&](int i) {
      bound(i) = exact_elbo(vae, Matrix<float>(x.col(i)), run.quick ? 0.5 : 0.25);
    });
    for (Index i = 0; i < x.cols(); ++i) gap.push_back(evidence(i) - bound(i));
  }

  const Model& vae;
  Vector<double> evidence, bound;
  std::vector<double> gap;
};

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

void code_plane(const Run& run, const elbo::Dataset& data) {
  const Index pixels = data.train.dimension();
  elbo::Vae<float> mean_field({.pixels = pixels, .hidden = {200}, .latent = 2}, run.seed);
  elbo::FlowVae<float> flow({.pixels = pixels,
                             .hidden = {200},
                             .latent = 2,
                             .context = 8,
                             .flow_hidden = {64},
                             .steps = run.steps},
                            run.seed);
  train_with_progress(run, "mean field, two codes", mean_field, data.train, (run.epochs + 1) / 2);
  train_with_progress(run, "flow, two codes", flow, data.train, (run.epochs + 1) / 2);

  const Matrix<float> x =
      data.test.block<float>(0, std::min<Index>(run.quick ? 10 : 50, data.test.count));
  const Seen<elbo::Vae<float>> m(run, mean_field, x);
  const Seen<elbo::FlowVae<float>> f(run, flow, x);

  // The picture: of the first images, the one whose mean-field posterior is the median of them.
  const Index shown = run.quick ? 3 : 11;
  const std::vector<double> some(m.gap.begin(), m.gap.begin() + shown);
  const auto typical = std::find(some.begin(), some.end(), median(some)) - some.begin();
  elbo::Table table({"model", "x", "y", "posterior", "q"});
  std::vector<double> of_m(static_cast<std::size_t>(shown)), of_f(of_m);
  for (Index i = 0; i < shown; ++i) {
    const Matrix<float> image = x.col(i);
    const Index side = 141;
    elbo::Table* const seen = i == typical ? &table : nullptr;
    of_m[static_cast<std::size_t>(i)] =
        kl_on_a_grid(mean_field, image, m.evidence(i), side, seen, 0);
    of_f[static_cast<std::size_t>(i)] = kl_on_a_grid(flow, image, f.evidence(i), side, seen, 1);
  }
  run.report.csv("posteriors", table);

  const auto first = [&](const std::vector<double>& gap) {
    return Average({gap.begin(), gap.begin() + shown}).mean;
  };
  run.report.claim("eq:flow-gap", "mean field: KL(q || posterior) on a grid = log p(x) - ELBO",
                   first(m.gap), Average(of_m).mean, 0.02);
  run.report.claim("eq:flow-gap", "flow: the same, its q by running backwards", first(f.gap),
                   Average(of_f).mean, 0.02);
  // Below 0 where the grid cuts off a part of the posterior, or is too coarse for it.
  run.report.claim_at_least("eq:elbo-gap", "and no ELBO is above log p(x), of any image", 0,
                            std::min(*std::min_element(m.gap.begin(), m.gap.end()),
                                     *std::min_element(f.gap.begin(), f.gap.end())),
                            1e-3);
  // Of the median image: a few odd ones, which the encoder sends to the wrong place, weigh more in
  // the mean than what a flow could ever mend.
  if (on_digits(data) && !run.quick) {
    run.report.claim_at_most("eq:richer-posterior",
                             "two codes: the flow leaves less KL than mean field, median image",
                             median(m.gap), median(f.gap));
  }
  for (const auto& [name, gap] : {std::pair{"mean_field", m.gap}, {"flow", f.gap}}) {
    run.report.result(std::string("plane_") + name + "_gap", Average(gap).mean);
    run.report.result(std::string("plane_") + name + "_gap_se", Average(gap).standard_error);
    run.report.result(std::string("plane_") + name + "_gap_median", median(gap));
  }
  run.report.result("plane_mean_field_log_evidence", m.evidence.mean());
  run.report.result("plane_flow_log_evidence", f.evidence.mean());
}

}  // namespace chapter
