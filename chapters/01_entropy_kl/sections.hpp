// The sections of chapter 1, in the order of the page. Each states its claims to the report.
#pragma once

#include "elbo/distributions.hpp"
#include "elbo/random.hpp"
#include "elbo/report.hpp"

namespace chapter {

/// Entropy, cross-entropy and KL where everything can be counted.
void countable(elbo::Report& report, std::uint64_t seed);

/// The same for normals, where sums become integrals; and what entropy loses on the way.
void normals(elbo::Report& report);

/// The reader's own pair of diagonal normals (--mean, --scale): `kl`, `entropy`, `cross_entropy`.
void readers_pair(elbo::Report& report, const elbo::DiagonalNormal<double>& q,
                  const elbo::DiagonalNormal<double>& p, std::uint64_t seed);

/// Three ways to estimate KL from samples.
void estimators(elbo::Report& report, std::uint64_t seed, bool quick);

/// One normal fitted to two humps, by either direction of KL.
void two_humps(elbo::Report& report, bool quick);

/// Two formulas as they are sometimes printed, and what they would do.
void slips(elbo::Report& report, std::uint64_t seed);

}  // namespace chapter
