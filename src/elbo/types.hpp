// The book's few types, and its one convention about shapes.
//
// Shape legend, used in every comment of the library:
//   D  pixels (or observed dimensions)      d  latent dimensions
//   n  samples in this batch                N  samples in the whole set
//   k  importance samples                   L  Monte Carlo samples of the noise
//
// A batch is a matrix with ONE COLUMN PER SAMPLE: images are D x n, codes are d x n. Whatever there
// is one of per sample (a log-probability, a bound) is a row vector 1 x n. Sums over the batch are
// taken at the edge, by whoever wants a single number.
#pragma once

#include <Eigen/Core>

namespace elbo {

using Index = Eigen::Index;

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T>
using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;
template <class T>
using Array = Eigen::Array<T, Eigen::Dynamic, Eigen::Dynamic>;  // entry by entry arithmetic
template <class T>
using RowVector = Eigen::Matrix<T, 1, Eigen::Dynamic>;

}  // namespace elbo
