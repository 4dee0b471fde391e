// Numbers that can only be estimated: bounds and evidence by sampling, with their standard errors.
#pragma once

#include <cstdint>
#include <vector>

#include "elbo/data_source.hpp"
#include "elbo/random.hpp"
#include "elbo/threads.hpp"
#include "elbo/vae.hpp"

namespace elbo {

/// log (1/k) sum_i w_i for weights that arrive one by one as logarithms. Keeps the largest
/// logarithm m and sums e^(log w - m), so nothing overflows and nothing is stored.
/// @label eq:importance-estimate
class LogMeanExp {
 public:
  /// One weight more, by its logarithm; -infinity is a weight of 0.
  void add(double log_weight);

  /// log of the mean weight: the k-sample bound for these k draws; -infinity before the first.
  double value() const;
  /// Standard deviation of `value` to first order (the delta method): sd(w) / (mean(w) sqrt k).
  /// Infinite while nothing is known: fewer than two weights, or all of them 0.
  double standard_error() const;
  /// (sum w)^2 / sum w^2, between 1 and k (Kong 1992); 0 if all weights are 0.
  /// @label eq:effective-sample-size
  double effective_sample_size() const;

 private:
  double largest_ = 0, sum_ = 0, sum_squares_ = 0;  // of e^(log w - largest)
  long count_ = 0;
};

/// L_k = log (1/k) sum_j w_j for each column of log-weights (Burda, Grosse and Salakhutdinov 2016,
/// equation 8, whose expectation this is one draw of). k x n -> 1 x n.
/// @label eq:iwae-bound
template <class T>
RowVector<T> iwae_bound(const Matrix<T>& log_weights);

/// Which dimensions of the code answer to the data: those whose posterior mean varies over the
/// samples, Var_x(E_q(z|x) z_j) > threshold (Burda, Grosse and Salakhutdinov 2016, section 5.2,
/// whose threshold is 0.01). The variance divides by N.
/// @label eq:active-units
struct ActiveUnits {
  Vector<double> variance;  ///< of each dimension's posterior mean over the samples, d numbers
  Index count = 0;          ///< dimensions above the threshold
};

/// mean: the posterior means, d x N.
template <class T>
ActiveUnits active_units(const Matrix<T>& mean, double threshold = 0.01);

/// Means over a data set, nats per image.
struct ElboEstimate {
  double reconstruction = 0;     ///< E_q log p(x | z), by L draws an image
  double kl = 0;                 ///< KL(q(z | x) || p(z)), closed form
  double standard_error = 0;     ///< of the mean ELBO, over the images
  double monte_carlo_error = 0;  ///< the part of it that more draws of eps would remove; 0 if L = 1

  /// Their difference.
  double elbo() const { return reconstruction - kl; }
};

/// Both terms of the ELBO, averaged over all samples and L = `samples` draws of eps each.
template <class T>
ElboEstimate elbo(const Vae<T>& vae, const DataSource<T>& data, int samples, std::uint64_t seed,
                  Threads& threads);

/// What is known of log p(x) over a data set, nats per sample.
struct EvidenceEstimate {
  double log_evidence = 0;           ///< mean over the samples
  double standard_error = 0;         ///< of that mean, over the samples: sd / sqrt(N)
  double monte_carlo_error = 0;      ///< the part of it that more importance samples would remove
  double effective_sample_size = 0;  ///< of the k importance samples, mean over the samples
  std::vector<double> per_sample;    ///< the estimate of log p(x), sample by sample
};

/// log p(x) by k importance samples from the encoder: log (1/k) sum_j p(x, z_j) / q(z_j | x), for
/// the first `count` samples of `data` (Rezende, Mohamed and Wierstra 2014, equation 41, appendix
/// E). On average below the true value, and closer the larger k.
/// @label eq:log-evidence
template <class T>
EvidenceEstimate log_evidence(const Vae<T>& vae, const DataSource<T>& data, Index count, int k,
                              std::uint64_t seed, Threads& threads);

}  // namespace elbo
