// The sections of chapter 2, in the order of the page. Each states its claims to the report.
#pragma once

#include <cstdint>

#include "elbo/ppca.hpp"
#include "elbo/random.hpp"
#include "elbo/report.hpp"

namespace chapter {

/// The model z ~ N(0, 1), x | z ~ N(weight z, noise^2), one observation x, and a guess q for z.
struct Toy {
  double weight = 1.5, noise = 0.8, x = 1.2, q_mean = 0.2, q_scale = 0.25;

  elbo::Ppca model() const { return model_with(weight); }
  /// The same model with another weight.
  elbo::Ppca model_with(double other_weight) const {
    return {elbo::Matrix<double>::Constant(1, 1, other_weight), elbo::Vector<double>::Zero(1),
            noise * noise};
  }
  elbo::Matrix<double> observation() const { return elbo::Matrix<double>::Constant(1, 1, x); }
};

/// One normal on the line as a batch of one.
inline elbo::DiagonalNormal<double> normal(double mean, double scale) {
  return elbo::DiagonalNormal<double>::from_scale(elbo::Matrix<double>::Constant(1, 1, mean),
                                                  elbo::Matrix<double>::Constant(1, 1, scale));
}

/// Jensen's inequality and how much it gives away.
void jensen(elbo::Report& report);

/// log p(x) = ELBO + KL(q || posterior), where z can be listed and where it must be integrated.
void decomposition(elbo::Report& report, const Toy& toy, std::uint64_t seed);

/// Why the evidence is hard by sampling the prior, and what importance sampling repairs.
void sampling(elbo::Report& report, const Toy& toy, int samples, std::uint64_t seed);

/// The k-sample bound climbs to log p(x).
void more_samples(elbo::Report& report, std::uint64_t seed, bool quick);

/// A q that cannot reach the posterior moves the best weight.
void restricted(elbo::Report& report, const Toy& toy);

/// Sentences as they are sometimes printed, beside the right ones.
void slips(elbo::Report& report, std::uint64_t seed, bool quick);

}  // namespace chapter
