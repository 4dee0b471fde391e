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

/// The library of the book: distributions, the bound and its estimators, the models and what
/// trains them. A batch has one column per sample; logarithms are natural, information is in nats.
namespace elbo {

/// Counts rows, columns and samples. It has a sign.
using Index = Eigen::Index;

/// Columns of numbers: a batch (D x n or d x n), or a layer's weights (out x in).
template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
/// One column: a mean, or all parameters of a model.
template <class T>
using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;
/// A matrix whose arithmetic goes entry by entry.
template <class T>
using Array = Eigen::Array<T, Eigen::Dynamic, Eigen::Dynamic>;
/// One number per sample, 1 x n.
template <class T>
using RowVector = Eigen::Matrix<T, 1, Eigen::Dynamic>;

}  // namespace elbo
