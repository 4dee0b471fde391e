// The three matrix products of a layer, forward and back, for a shard of 64 images: the library's
// and Eigen's.
#include "elbo/product.hpp"
#include "sections.hpp"
#include "timing.hpp"

namespace bench {
namespace {

using elbo::Index;
using Matrix = elbo::Matrix<float>;

// GFLOP/s, best and median, of a product that takes 2 out in n operations.
template <class Product>
void measure(const Run& run, const std::string& name, double flops, const Product& product) {
  product();
  std::vector<double> rates;
  double spent = 0;
  while (spent < (run.quick ? 0.05 : 0.5)) {
    const double took = seconds([&] {
      for (int i = 0; i < 8; ++i) product();
    });
    rates.push_back(8 * flops / took / 1e9);
    spent += took;
  }
  run.results.number("/gemm/" + name, most(rates));
  run.results.number("/gemm/" + name + "_median", median(rates));
}

}  // namespace

void products(const Run& run) {
  constexpr Index in = 400, out = 784, n = 64;
  const Matrix weight = Matrix::Random(out, in), x = Matrix::Random(in, n);
  const Matrix dy = Matrix::Random(out, n);
  Matrix y(out, n), dx(in, n), d_weight = Matrix::Zero(out, in);
  constexpr double flops = 2.0 * in * out * n;
  using elbo::multiply;
  measure(run, "forward/gflops", flops, [&] { multiply<float>(weight, x, y.data()); });
  measure(run, "forward/eigen_gflops", flops, [&] { y.noalias() = weight * x; });
  measure(run, "backward/gflops", flops,
          [&] { multiply<float>(weight.transpose(), dy, dx.data()); });
  measure(run, "backward/eigen_gflops", flops, [&] { dx.noalias() = weight.transpose() * dy; });
  measure(run, "gradient/gflops", flops,
          [&] { multiply<float>(dy, x.transpose(), d_weight.data(), elbo::Sum::added); });
  measure(run, "gradient/eigen_gflops", flops, [&] { d_weight.noalias() += dy * x.transpose(); });
}

}  // namespace bench
