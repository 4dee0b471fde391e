#include "cloud.hpp"

#include <cmath>

#include "elbo/random.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Mixture;
using elbo::Normal;
using elbo::Vector;

Mixture<double> truth() {
  const auto at = [](double x, double y, double xx, double xy, double yy) {
    return Normal<double>(Vector<double>{{x, y}}, Matrix<double>{{xx, xy}, {xy, yy}});
  };
  return {
      {Vector<double>{{std::log(0.5), std::log(0.3), std::log(0.2)}}},
      {at(-1.5, 0.0, 1.0, 0.6, 0.7), at(2.0, 1.5, 0.5, -0.3, 0.8), at(1.5, -2.0, 0.4, 0.0, 0.3)}};
}

}  // namespace

Cloud make_cloud(std::uint64_t seed, bool quick) {
  const elbo::Random random(seed, elbo::Stream::data);
  const Index n = quick ? 300 : 600;
  const Mixture<double> model = truth();
  const Matrix<double> u = elbo::Random(seed, elbo::Stream::data, 1).uniform<double>(1, n);
  const Matrix<double> points = model.sample(u, random.normal<double>(2, n));
  // The guess: three round normals near the middle, equally likely.
  const Matrix<double> identity = Matrix<double>::Identity(2, 2);
  return {points,
          {{Vector<double>::Zero(3)},
           {Normal<double>(Vector<double>{{-0.5, 0.8}}, identity),
            Normal<double>(Vector<double>{{0.5, 0.5}}, identity),
            Normal<double>(Vector<double>{{0.0, -0.8}}, identity)}},
          model};
}

}  // namespace chapter
