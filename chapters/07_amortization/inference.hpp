// The inferences of chapter 7: by quadrature over the plane of codes, and by climbing the ELBO.
#pragma once

#include "sections.hpp"

namespace chapter {

using Family = elbo::NormalFamily<float>;
inline const Family mean_field{2, elbo::Covariance::diagonal};
inline const Family full_covariance{2, elbo::Covariance::full};

// --- Exact: quadrature ---

/// The square grid over [-edge, edge]^2 on which the evidence is added up.
struct Grid {
  static constexpr double edge = 8.0;  // the prior has e^-32 of its mass beyond
  elbo::Index side = 401;

  double spacing() const { return 2 * edge / static_cast<double>(side - 1); }
  float at(elbo::Index i) const {
    return static_cast<float>(-edge + static_cast<double>(i) * spacing());
  }
  /// The points of one row, as codes: 2 x side.
  elbo::Matrix<float> row(elbo::Index number) const;
};

/// log p(x | z) + log p(z) for codes z (2 x m) and images x (D x n), every pair -> n x m. Each code
/// is decoded once, whatever n.
elbo::Matrix<double> log_joint(const elbo::Vae<float>& vae, const elbo::Matrix<float>& x,
                               const elbo::Matrix<float>& z);

/// The exact answer for each column of x.
struct Posterior {
  elbo::RowVector<double> log_evidence;
  elbo::RowVector<double> coarse;      // the same from every second point each way
  elbo::Matrix<double> mean, moments;  // 2 x n; E[z1 z1], E[z1 z2], E[z2 z2] centred, 3 x n
};
Posterior by_quadrature(const Run& run, const elbo::Vae<float>& vae, const elbo::Matrix<float>& x,
                        Grid grid);

// --- Approximate: a normal q ---

/// The encoder's answer as numbers of the family.
elbo::Matrix<float> encode(const elbo::Vae<float>& vae, const elbo::Matrix<float>& x);

/// ELBO of q for each image, its expectation by quadrature over eps: nothing in it is random.
elbo::RowVector<double> elbo_of(const Run& run, const elbo::Vae<float>& vae,
                                const elbo::Matrix<float>& x, const Family& family,
                                const elbo::Matrix<float>& phi);

struct Climb {
  int steps = 200, draws = 4;
  double learning_rate = 0.1;  // falls to 0 along half a cosine
  std::uint64_t substream = 0;
  std::vector<int> stops = {};  // steps, rising, before which phi is kept
};
struct Climbed {
  elbo::Matrix<float> phi;
  std::vector<elbo::Matrix<float>> at_stops;
};
/// From phi up the ELBO by pathwise gradients, every image for itself.
Climbed climb(const Run& run, const elbo::Vae<float>& vae, const elbo::Matrix<float>& x,
              const Family& family, const elbo::Matrix<float>& phi, const Climb& how);

/// Where a climb without an encoder starts: at the best of `tries` codes drawn from the prior, the
/// same for all images, with a scale of `scale`.
elbo::Matrix<float> best_of_prior(const Run& run, const elbo::Vae<float>& vae,
                                  const elbo::Matrix<float>& x, const Family& family,
                                  elbo::Index tries, double scale);

}  // namespace chapter
