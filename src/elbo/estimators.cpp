#include "elbo/estimators.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "elbo/special.hpp"
#include "elbo/statistics.hpp"

namespace elbo {
namespace {

// The samples [first, first + n) of the data.
template <class T>
Matrix<T> fetch(const DataSource<T>& data, Index first, Index n) {
  std::vector<std::uint32_t> chosen(static_cast<std::size_t>(n));
  std::iota(chosen.begin(), chosen.end(), static_cast<std::uint32_t>(first));
  Matrix<T> x;
  data.gather(chosen, x);
  return x;
}

// One column n times. (Eigen's x.replicate(1, n) divides for every number, to find its row.)
template <class T>
Matrix<T> copies(const Matrix<T>& column, Index n) {
  Matrix<T> out(column.rows(), n);
  out.colwise() = column.col(0);
  return out;
}

}  // namespace

// [log-mean-exp]
void LogMeanExp::add(double log_weight) {
  ++count_;
  if (log_weight == -std::numeric_limits<double>::infinity()) return;  // a weight of 0
  if (sum_ == 0) largest_ = log_weight;
  if (log_weight > largest_) {  // a new largest: bring the sums down to it
    const double shrink = std::exp(largest_ - log_weight);
    sum_ *= shrink;
    sum_squares_ *= shrink * shrink;
    largest_ = log_weight;
  }
  const double weight = std::exp(log_weight - largest_);
  sum_ += weight;
  sum_squares_ += weight * weight;
}

double LogMeanExp::value() const {
  if (sum_ == 0) return -std::numeric_limits<double>::infinity();
  return largest_ + std::log(sum_ / static_cast<double>(count_));
}
// [log-mean-exp]

double LogMeanExp::standard_error() const {
  if (sum_ == 0 || count_ < 2) return std::numeric_limits<double>::infinity();  // nothing is known
  // var(w) / (k mean(w)^2), k - 1 in the variance: [k sum w^2 / (sum w)^2 - 1] / (k - 1).
  const double k = static_cast<double>(count_);
  return std::sqrt(std::max(0.0, k * sum_squares_ / (sum_ * sum_) - 1.0) / (k - 1.0));
}

double LogMeanExp::effective_sample_size() const {
  return sum_ == 0 ? 0.0 : sum_ * sum_ / sum_squares_;
}

template <class T>
RowVector<T> iwae_bound(const Matrix<T>& log_weights) {
  RowVector<T> bound(log_weights.cols());
  for (Index i = 0; i < bound.size(); ++i) bound(i) = log_mean_exp(log_weights.col(i));
  return bound;
}

template <class T>
ActiveUnits active_units(const Matrix<T>& mean, double threshold) {
  if (mean.cols() < 1) throw std::invalid_argument("active_units: no samples");
  const Matrix<double> m = mean.template cast<double>();
  const Vector<double> centre = m.rowwise().mean();
  const Vector<double> variance = (m.colwise() - centre).rowwise().squaredNorm() / double(m.cols());
  return {variance, (variance.array() > threshold).count()};
}

template <class T>
ElboEstimate elbo(const Vae<T>& vae, const DataSource<T>& data, int samples, std::uint64_t seed,
                  Threads& threads) {
  if (data.count < 1 || samples < 1) throw std::invalid_argument("elbo: no data or no samples");
  constexpr Index width = 256;
  const Index d = vae.latent(), count = data.count;
  // Per image: both terms, their difference, and the squared error that the draws of eps leave in
  // it.
  std::vector<double> reconstruction(static_cast<std::size_t>(count)), kl(reconstruction),
      bound(reconstruction), noise(reconstruction);

  threads.run(static_cast<int>((count + width - 1) / width), [&](int task) {
    const Index first = task * width, n = std::min(width, count - first);
    const Matrix<T> x = fetch(data, first, n);
    Matrix<double> drawn(samples, n);
    RowVector<T> task_kl;
    for (int sample = 0; sample < samples; ++sample) {
      const Random random(seed, Stream::evaluation, static_cast<std::uint64_t>(sample));
      const Matrix<T> eps = random.normal<T>(d, n, static_cast<std::uint64_t>(first * d));
      const ElboTerms<T> terms = vae.elbo(x, eps);
      drawn.row(sample) = terms.reconstruction.template cast<double>();
      task_kl = terms.kl;
    }
    for (Index i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(first + i);
      const Average mean({drawn.col(i).begin(), drawn.col(i).end()});
      reconstruction[at] = mean.mean;
      kl[at] = static_cast<double>(task_kl(i));
      bound[at] = reconstruction[at] - kl[at];
      noise[at] = mean.standard_error * mean.standard_error;
    }
  });

  const double n = static_cast<double>(count);
  return {Average(reconstruction).mean, Average(kl).mean, Average(bound).standard_error,
          std::sqrt(std::accumulate(noise.begin(), noise.end(), 0.0)) / n};
}

template <class T>
EvidenceEstimate log_evidence(const Vae<T>& vae, const DataSource<T>& data, Index count, int k,
                              std::uint64_t seed, Threads& threads) {
  count = std::min(count, data.count);
  if (count < 1 || k < 1) throw std::invalid_argument("log_evidence: no data or no samples");
  constexpr Index width = 256;  // importance samples decoded at a time
  const Index d = vae.latent();
  std::vector<double> value(static_cast<std::size_t>(count)), variance(value), ess(value);

  threads.run(static_cast<int>(count), [&](int image) {
    const Matrix<T> x = fetch(data, image, 1);
    const DiagonalNormal<T> q = vae.encode(x);
    const Random random(seed, Stream::evaluation, std::uint64_t{1} << 32 | std::uint64_t(image));
    LogMeanExp mean;
    for (Index first = 0; first < k; first += width) {
      const Index n = std::min<Index>(width, k - first);
      const DiagonalNormal<T> q_copies{copies(q.mean, n), copies(q.log_variance, n)};
      const Matrix<T> eps = random.normal<T>(d, n, static_cast<std::uint64_t>(first * d));
      for (const T log_w : vae.log_weight(copies(x, n), q_copies, eps)) {
        mean.add(static_cast<double>(log_w));
      }
    }
    const auto at = static_cast<std::size_t>(image);
    value[at] = mean.value();
    variance[at] = mean.standard_error() * mean.standard_error();
    ess[at] = mean.effective_sample_size();
  });

  const Average over_images(value);
  const double n = static_cast<double>(count);
  const double monte_carlo = std::sqrt(std::accumulate(variance.begin(), variance.end(), 0.0)) / n;
  return {over_images.mean, over_images.standard_error, monte_carlo, Average(ess).mean,
          std::move(value)};
}

#define ELBO_INSTANTIATE(T)                                                                      \
  template RowVector<T> iwae_bound(const Matrix<T>&);                                            \
  template ActiveUnits active_units(const Matrix<T>&, double);                                   \
  template ElboEstimate elbo(const Vae<T>&, const DataSource<T>&, int, std::uint64_t, Threads&); \
  template EvidenceEstimate log_evidence(const Vae<T>&, const DataSource<T>&, Index, int,        \
                                         std::uint64_t, Threads&);
ELBO_INSTANTIATE(float)
ELBO_INSTANTIATE(double)
#undef ELBO_INSTANTIATE

}  // namespace elbo
