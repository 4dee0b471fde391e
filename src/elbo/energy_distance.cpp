#include "elbo/energy_distance.hpp"

#include <stdexcept>

#include "elbo/shape.hpp"

namespace elbo {
namespace {

// Sum of the distances from every column of x to every column of y.
double sum_of_distances(const Matrix<float>& x, const Matrix<float>& y) {
  double sum = 0;
  for (Index i = 0; i < x.cols(); ++i) {
    const Vector<float> point = x.col(i);
    const RowVector<float> squares = (y.colwise() - point).colwise().squaredNorm();
    sum += squares.cwiseSqrt().cast<double>().sum();
  }
  return sum;
}

}  // namespace

// [energy-distance]
double energy_distance(const Matrix<float>& x, const Matrix<float>& y) {
  check_rows("energy_distance: y", y, x.rows());
  if (x.cols() < 2 || y.cols() < 2) {
    throw std::invalid_argument("energy_distance: wanted two points of each or more");
  }
  const double n = static_cast<double>(x.cols()), m = static_cast<double>(y.cols());
  return 2 * sum_of_distances(x, y) / (n * m) - sum_of_distances(x, x) / (n * (n - 1)) -
         sum_of_distances(y, y) / (m * (m - 1));
}
// [energy-distance]

}  // namespace elbo
