// The sections of chapter 3, in the order of the page. Each states its claims to the report.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "elbo/random.hpp"
#include "elbo/report.hpp"
#include "elbo/statistics.hpp"

namespace chapter {

using elbo::Average;

/// Two estimators of one gradient, of f(z) = |z|^2, and how their variance grows with dimension:
/// `variance_score`, `variance_score_baseline`, `variance_pathwise`.
void two_estimators(elbo::Report& report, int dimension, int samples, std::uint64_t seed,
                    bool quick);

/// The same for a small network, held against finite differences; mean and log-variance.
void through_a_network(elbo::Report& report, std::uint64_t seed, bool quick);

/// More samples, or a bigger mini-batch: what L = 1 costs.
void averaging(elbo::Report& report, std::uint64_t seed, bool quick);

/// Other families with a path, and one without.
void other_families(elbo::Report& report, std::uint64_t seed, bool quick);

/// Descent on noisy gradients: unbiased ones arrive, a biased one arrives elsewhere.
void descent(elbo::Report& report, std::uint64_t seed, bool quick);

}  // namespace chapter
