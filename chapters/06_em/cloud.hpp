// Points in the plane from three normals, and a first guess at those.
#pragma once

#include <cstdint>

#include "elbo/mixture.hpp"

namespace chapter {

struct Cloud {
  elbo::Matrix<double> points;  // 2 x N
  elbo::Mixture<double> guess;
  elbo::Mixture<double> truth;  // what made them
};
Cloud make_cloud(std::uint64_t seed, bool quick);

}  // namespace chapter
