#include "elbo/planar_flow.hpp"

#include <cmath>

#include "elbo/shape.hpp"
#include "elbo/special.hpp"

namespace elbo {
namespace {

// A layer's numbers, u already bent so that the layer is one to one.
template <class T>
struct Bent {
  Vector<T> u, w;
  T along, square, slope;  // w'u before, |w|^2, w'u after
  Vector<T> push;          // u after

  Bent(const Vector<T>& u_, const Vector<T>& w_)
      : u(u_),
        w(w_),
        along(w.dot(u)),
        square(w.squaredNorm()),
        slope(softplus(along) - T(1)),
        push(u + (slope - along) / square * w) {}
};

}  // namespace

PlanarFlow::PlanarFlow(Layout& layout, const std::string& name, Index dimension, Index layers) {
  for (Index k = 0; k < layers; ++k) {
    const std::string layer = name + "." + std::to_string(k);
    layers_.push_back({layout.add(layer + ".u", dimension, 1),
                       layout.add(layer + ".w", dimension, 1), layout.add(layer + ".b", 1, 1)});
  }
}

template <class T>
void PlanarFlow::initialise(Vector<T>& parameters, const Random& random) const {
  for (const Layer& layer : layers_) {
    const auto draw = [&](const Slice& s, T scale) {
      s.in(parameters) =
          scale * random.normal<T>(s.rows, s.cols, static_cast<std::uint64_t>(s.offset));
    };
    draw(layer.u, T(0.1));
    draw(layer.w, T(1));
    draw(layer.b, T(1));
  }
}

// [planar-forward]
template <class T>
Matrix<T> PlanarFlow::forward(const Vector<T>& parameters, const Matrix<T>& z,
                              RowVector<T>& log_det, Memory<T>& memory) const {
  Matrix<T> y = z;
  log_det.setZero(z.cols());
  memory.inputs.resize(layers_.size());
  memory.tanhs.resize(layers_.size());
  for (std::size_t k = 0; k < layers_.size(); ++k) {
    const Layer& layer = layers_[k];
    check_rows("PlanarFlow: z", y, layer.w.rows);
    const Bent<T> at(layer.u.in(parameters), layer.w.in(parameters));
    const RowVector<T> h = (at.w.transpose() * y).array() + layer.b.in(parameters)(0, 0);
    memory.inputs[k] = y;
    memory.tanhs[k] = h.array().tanh();
    y.noalias() += at.push * memory.tanhs[k];
    log_det.array() += (at.slope * (T(1) - memory.tanhs[k].array().square())).log1p();
  }
  return y;
}
// [planar-forward]

// [planar-backward]
template <class T>
Matrix<T> PlanarFlow::backward(const Vector<T>& parameters, const Memory<T>& memory, Matrix<T> dz,
                               const RowVector<T>& d_log_det, Vector<T>& d_parameters) const {
  for (std::size_t k = layers_.size(); k-- > 0;) {
    const Layer& layer = layers_[k];
    const Bent<T> at(layer.u.in(parameters), layer.w.in(parameters));
    // With h = tanh(a): dh/da = 1 - h^2, and that has the slope -2 h (1 - h^2).
    const RowVector<T> steep = T(1) - memory.tanhs[k].array().square();
    const RowVector<T> per_det = d_log_det.array() / (T(1) + at.slope * steep.array());
    const RowVector<T> da =
        steep.array() * ((at.push.transpose() * dz).array() -
                         T(2) * at.slope * memory.tanhs[k].array() * per_det.array());

    // The loss feels u^ and s = w'u^, which both were made of u and w.
    const Vector<T> d_push = dz * memory.tanhs[k].transpose();
    const T d_bend = d_push.dot(at.w) / at.square, bend = (at.slope - at.along) / at.square;
    const T d_slope = per_det.dot(steep) + d_bend;
    const T d_along = d_slope * sigmoid(at.along) - d_bend;
    layer.u.in(d_parameters) += d_push + d_along * at.w;
    layer.w.in(d_parameters) += memory.inputs[k] * da.transpose() + bend * d_push + d_along * at.u -
                                T(2) * bend * d_bend * at.w;
    layer.b.in(d_parameters)(0, 0) += da.sum();
    dz.noalias() += at.w * da;
  }
  return dz;
}
// [planar-backward]

#define ELBO_INSTANTIATE(T)                                                                 \
  template void PlanarFlow::initialise(Vector<T>&, const Random&) const;                    \
  template Matrix<T> PlanarFlow::forward(const Vector<T>&, const Matrix<T>&, RowVector<T>&, \
                                         Memory<T>&) const;                                 \
  template Matrix<T> PlanarFlow::backward(const Vector<T>&, const Memory<T>&, Matrix<T>,    \
                                          const RowVector<T>&, Vector<T>&) const;
ELBO_INSTANTIATE(float)
ELBO_INSTANTIATE(double)
#undef ELBO_INSTANTIATE

}  // namespace elbo
