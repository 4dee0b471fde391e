#include "mixture_start.hpp"

#include <algorithm>

#include "../../chapters/06_em/cloud.hpp"
#include "../../chapters/10_diffusion/shapes.hpp"
#include "elbo/random.hpp"

namespace interactive {

using elbo::Index;
using elbo::Matrix;

namespace {

// Normal groups of standard deviation `scale` around the columns of `centres`, in turn.
Matrix<double> groups(const Matrix<double>& centres, double scale, Index count) {
  Matrix<double> x = scale * elbo::Random(1, elbo::Stream::play).normal<double>(2, count);
  for (Index i = 0; i < count; ++i) x.col(i) += centres.col(i % centres.cols());
  return x;
}

}  // namespace

Matrix<double> ready_made_points(int set) {
  switch (set) {
    case 0:
      return chapter::make_cloud(1, false).points;
    case 1:
      return 1.3 * chapter::Shape("moons").draw(300, 1, 1).cast<double>();
    case 2:
      return 1.6 * chapter::Shape("ring").draw(300, 1, 1).cast<double>();
    case 3:
      return groups(Matrix<double>{{-2.8, 2.8}, {-1.2, 1.2}}, 0.5, 160);
    default:
      return groups(Matrix<double>{{-1.5, 1.5}, {-0.5, 0.5}}, 1.1, 9);
  }
}

elbo::Mixture<double> first_guess(int components, int kind, int draw, const Matrix<double>& x) {
  Matrix<double> centres{{-0.5, 0.5, 0.0, 0.0}, {0.8, 0.5, -0.8, 0.1}};
  if (kind == 2) centres.setZero();
  if (kind == 1) {
    const auto order = elbo::Random(static_cast<std::uint64_t>(draw), elbo::Stream::shuffle)
                           .permutation(static_cast<std::uint32_t>(x.cols()));
    for (Index k = 0; k < std::min<Index>(components, x.cols()); ++k) {
      centres.col(k) = x.col(order[static_cast<std::size_t>(k)]);
    }
  }
  elbo::Mixture<double> model{{elbo::Vector<double>::Zero(components)}, {}};
  for (Index k = 0; k < components; ++k) {
    model.components.emplace_back(centres.col(k), Matrix<double>::Identity(2, 2));
  }
  return model;
}

}  // namespace interactive
