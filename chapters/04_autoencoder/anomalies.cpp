// Chapter 4, section 4: "the model reconstructs it badly, so it is no digit." How well that works,
// for the autoencoder's error and for a VAE's ELBO; and where both point the wrong way.
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "elbo/roc.hpp"
#include "elbo/statistics.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;

// The digit that neither model is shown.
constexpr int left_out = 1;

// The pictures that show the digit left out, or all others.
Matrix<float> choose(const Matrix<float>& x, const std::vector<std::uint8_t>& labels, bool wanted) {
  std::vector<Index> chosen;
  for (Index i = 0; i < x.cols(); ++i) {
    if ((labels[static_cast<std::size_t>(i)] == left_out) == wanted) chosen.push_back(i);
  }
  return x(Eigen::all, chosen);
}

// What is done to a picture: pixel (row, col) of the new one comes from the old.
using Spoil = std::function<float(Index row, Index col)>;
Matrix<float> spoil(const Run& run, const Matrix<float>& x,
                    const std::function<Spoil(Index picture)>& how) {
  const Index rows = run.data.test.rows, cols = run.data.test.cols;
  Matrix<float> spoiled(x.rows(), x.cols());
  for (Index i = 0; i < x.cols(); ++i) {
    const Spoil pixel = how(i);
    for (Index p = 0; p < rows * cols; ++p) spoiled(p, i) = pixel(p / cols, p % cols);
  }
  return spoiled;
}

struct Kind {
  std::string name;
  Matrix<float> pictures;
};

std::vector<Kind> anomalies(const Run& run, const Matrix<float>& x) {
  const Index rows = run.data.test.rows, cols = run.data.test.cols;
  const auto at = [&](Index i, Index r, Index c) { return x(r * cols + c, i); };
  std::vector<Kind> kinds;
  kinds.push_back({"inverted", (1 - x.array()).matrix()});
  kinds.push_back({"shuffled_rows", spoil(run, x, [&](Index i) -> Spoil {
                     const elbo::Random random(run.seed, elbo::Stream::play,
                                               1000 + static_cast<std::uint64_t>(i));
                     const auto order = random.permutation(static_cast<std::uint32_t>(rows));
                     return [&, i, order](Index r, Index c) {
                       return at(i, order[static_cast<std::size_t>(r)], c);
                     };
                   })});
  kinds.push_back({"mirrored", spoil(run, x, [&](Index i) -> Spoil {
                     return [&, i](Index r, Index c) { return at(i, r, cols - 1 - c); };
                   })});
  kinds.push_back({"patch_erased", spoil(run, x, [&](Index i) -> Spoil {
                     return [&, i](Index r, Index c) {
                       const bool inside = std::abs(2 * r + 1 - rows) < 2 * rows / 7 &&
                                           std::abs(2 * c + 1 - cols) < 2 * cols / 7;
                       return inside ? 0.0f : at(i, r, c);
                     };
                   })});
  kinds.push_back({"dimmed", 0.5f * x});
  return kinds;
}

// The definition: all pairs, ties half.
double pairwise(const std::vector<double>& positives, const std::vector<double>& negatives) {
  double sum = 0;
  for (const double p : positives) {
    for (const double n : negatives) sum += p > n ? 1.0 : p == n ? 0.5 : 0.0;
  }
  return sum / static_cast<double>(positives.size() * negatives.size());
}

}  // namespace

void detect_anomalies(const Run& run, const elbo::Autoencoder<float>& of_all,
                      const elbo::Vae<float>& vae_of_all) {
  const auto& labels = run.data.test.labels;
  const bool leave_out = !run.quick && !run.data.train.labels.empty() &&
                         std::find(labels.begin(), labels.end(), left_out) != labels.end();
  elbo::Autoencoder<float> model = of_all;
  elbo::Vae<float> vae = vae_of_all;
  if (leave_out) {
    const Matrix<float> train = choose(run.train, run.data.train.labels, false);
    model = fit_autoencoder(run, "autoencoder without ones", train, run.hidden, run.latent);
    vae = fit_vae(run, "VAE without ones", train, run.latent);
  }

  // [scores]
  // Three scores, each higher for what it finds stranger. The last one has not even looked.
  const auto by_error = [&](const Matrix<float>& x) { return numbers(model.squared_error(x)); };
  const auto by_elbo = [&](const Matrix<float>& x) {
    constexpr int draws = 10;
    RowVector<float> sum = RowVector<float>::Zero(x.cols());
    for (std::uint64_t draw = 0; draw < draws; ++draw) {
      const elbo::Random random(run.seed, elbo::Stream::evaluation, draw);
      sum -= vae.elbo(x, random.normal<float>(vae.latent(), x.cols())).elbo();
    }
    return numbers(sum / draws);
  };
  const auto by_ink = [](const Matrix<float>& x) { return numbers(x.colwise().sum()); };
  // [scores]

  const Matrix<float> all = leave_out ? choose(run.test, labels, false) : run.test;
  const Matrix<float> digits = all.leftCols(std::min<Index>(run.quick ? 300 : 1000, all.cols()));
  std::vector<Kind> kinds = anomalies(run, digits);
  if (leave_out) kinds.push_back({"left_out", choose(run.test, labels, true)});
  const std::vector<double> error = by_error(digits), bound = by_elbo(digits), ink = by_ink(digits);
  elbo::Table curves({"kind", "score", "false_positives", "true_positives"});
  double worst_rank = 0, kind_number = 0;
  for (const auto& [name, pictures] : kinds) {
    const std::vector<double> odd_error = by_error(pictures), odd_bound = by_elbo(pictures);
    const double of_error = elbo::auroc(odd_error, error), of_elbo = elbo::auroc(odd_bound, bound),
                 of_ink = elbo::auroc(by_ink(pictures), ink);
    worst_rank = std::max({worst_rank, std::abs(of_error - pairwise(odd_error, error)),
                           std::abs(of_elbo - pairwise(odd_bound, bound))});
    run.report.result("auroc_error_" + name, of_error);
    run.report.result("auroc_elbo_" + name, of_elbo);
    run.report.result("auroc_ink_" + name, of_ink);
    run.report.result("elbo_" + name, -elbo::Average(odd_bound).mean);
    for (const auto& [score, curve] : {std::pair{0.0, elbo::roc_curve(odd_error, error)},
                                       {1.0, elbo::roc_curve(odd_bound, bound)}}) {
      for (const elbo::RocPoint& p : curve)
        curves.add({kind_number, score, p.false_positives, p.true_positives});
    }
    kind_number += 1;
    if (!run.on_digits()) continue;
    if (name == "inverted" || name == "shuffled_rows") {
      run.report.claim_at_least("eq:anomaly-found", name + ": AUROC of both error and ELBO", 0.95,
                                std::min(of_error, of_elbo));
    }
    if (name == "shuffled_rows") {  // the same ink: who only weighed it would toss a coin
      run.report.claim("eq:anomaly-ink", name + ": AUROC of the amount of ink, a coin's", 0.5,
                       of_ink, 0.001);
    }
    if (name == "dimmed") {
      run.report.claim_at_most("eq:anomaly-dimmed",
                               "half the contrast: the error finds it MORE digit-like than digits",
                               0.25, of_error);
    }
    if (name == "left_out") {
      run.report.claim_at_most("eq:anomaly-unseen",
                               "ones, never seen: to the ELBO they are MORE digit-like than digits",
                               0.5, of_elbo);
    }
  }
  // A bound on log p(x) is large where pictures are simple, and none is simpler than an empty page
  // (Nalisnick et al. 2019 saw it on photographs).
  const double of_digits = -elbo::Average(bound).mean;
  const double of_page = -by_elbo(Matrix<float>::Zero(digits.rows(), 1))[0];
  if (run.on_digits()) {
    run.report.claim_at_least("eq:anomaly-simpler",
                              "an empty page has a higher ELBO than the mean digit, nats",
                              of_digits, of_page);
  }
  run.report.result("elbo_empty_page", of_page);
  run.report.claim("eq:auroc", "AUROC by ranks = share of pairs in order, largest difference", 0,
                   worst_rank, 1e-12);
  run.report.result("elbo_digits", of_digits);
  run.report.csv("roc", curves);
}

}  // namespace chapter
