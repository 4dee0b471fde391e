// Training and measuring see their data through this: so many samples, fetched by number.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "elbo/images.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// N samples of any kind. It refers to what it was made from and must not outlive it.
template <class T>
struct DataSource {
  Index count = 0;  ///< N
  /// Fills x (D x n) with the chosen samples.
  std::function<void(std::span<const std::uint32_t> chosen, Matrix<T>& x)> gather;

  static DataSource from(Images&&) = delete;  // it would outlive what it was made from
  static DataSource from(Matrix<T>&&) = delete;
  /// One picture a sample.
  static DataSource from(const Images& images) {
    return {images.count, [&images](auto chosen, Matrix<T>& x) { images.gather(chosen, x); }};
  }
  /// One column a sample.
  static DataSource from(const Matrix<T>& samples) {
    return {samples.cols(), [&samples](std::span<const std::uint32_t> chosen, Matrix<T>& x) {
              x.resize(samples.rows(), static_cast<Index>(chosen.size()));
              for (Index j = 0; j < x.cols(); ++j) {
                x.col(j) = samples.col(chosen[static_cast<std::size_t>(j)]);
              }
            }};
  }
};

}  // namespace elbo
