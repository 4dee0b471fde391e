// The area under the ROC curve: by its definition over all pairs, and under the curve itself.
#include "elbo/roc.hpp"

#include "check.hpp"
#include "elbo/random.hpp"

using namespace elbo;

namespace {

// Scores with many ties where `steps` is small.
std::vector<double> scores(std::uint64_t first, std::size_t n, double shift, double steps) {
  const Random random(81, Stream::play);
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i)
    values.push_back(std::round(steps * (random.normal(first + i) + shift)) / steps);
  return values;
}

double by_pairs(const std::vector<double>& positives, const std::vector<double>& negatives) {
  double sum = 0;
  for (const double p : positives)
    for (const double n : negatives) sum += p > n ? 1.0 : (p == n ? 0.5 : 0.0);
  return sum / static_cast<double>(positives.size() * negatives.size());
}

}  // namespace

TEST_CASE("AUROC is the share of pairs in the right order", "[roc][eq:auroc]") {
  for (const double steps : {1.0, 3.0, 1e9}) {
    for (const double shift : {-1.0, 0.0, 0.7, 10.0}) {
      const auto p = scores(0, 57, shift, steps), n = scores(1000, 83, 0, steps);
      CHECK_THAT(auroc(p, n), WithinAbs(by_pairs(p, n), 1e-14));
      CHECK_THAT(auroc(p, n) + auroc(n, p), WithinAbs(1, 1e-14));
    }
  }
  CHECK(auroc({2, 3}, {0, 1}) == 1);
  CHECK(auroc({0}, {1, 2}) == 0);
  CHECK(auroc({5, 5}, {5, 5, 5}) == 0.5);
  CHECK(contains(refusal([] { auroc({}, {1}); }), "both kinds"));
  CHECK(contains(refusal([] { auroc({1}, {std::nan("")}); }), "not a number"));
  // Two normals a distance m apart: Phi(m / sqrt 2). Its standard error is below sqrt(1/4n) each.
  const auto p = scores(0, 4000, 1.0, 1e9), n = scores(10000, 4000, 0, 1e9);
  const double exact = 0.5 * std::erfc(-0.5);
  CHECK_THAT(auroc(p, n), WithinAbs(exact, sigmas * std::sqrt(0.5 / 4000)));
}

TEST_CASE("the ROC curve by thresholds, and the area under it", "[roc][eq:roc-curve]") {
  for (const double steps : {1.0, 1e9}) {
    const auto p = scores(0, 40, 0.5, steps), n = scores(1000, 30, 0, steps);
    const std::vector<RocPoint> curve = roc_curve(p, n);
    CHECK((curve.front().false_positives == 0 && curve.front().true_positives == 0));
    CHECK((curve.back().false_positives == 1 && curve.back().true_positives == 1));
    double area = 0;
    for (std::size_t i = 1; i < curve.size(); ++i) {
      area += (curve[i].false_positives - curve[i - 1].false_positives) * 0.5 *
              (curve[i].true_positives + curve[i - 1].true_positives);
    }
    CHECK_THAT(area, WithinAbs(by_pairs(p, n), 1e-13));
    // Every threshold by counting.
    for (const double threshold : p) {
      double above_p = 0, above_n = 0;
      for (const double s : p) above_p += s >= threshold ? 1.0 / 40 : 0;
      for (const double s : n) above_n += s >= threshold ? 1.0 / 30 : 0;
      bool found = false;
      for (const RocPoint& point : curve)
        found = found || (std::abs(point.true_positives - above_p) < 1e-12 &&
                          std::abs(point.false_positives - above_n) < 1e-12);
      CHECK(found);
    }
  }
}
