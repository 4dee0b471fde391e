#include "elbo/layers.hpp"

#include <cmath>
#include <stdexcept>

#include "elbo/shape.hpp"

namespace elbo {

// --- Linear ---

Linear Linear::add(Layout& layout, const std::string& name, Index in, Index out) {
  return {layout.add(name + ".weight", out, in), layout.add(name + ".bias", out, 1)};
}

template <class T>
void Linear::forward(const Vector<T>& parameters, const Matrix<T>& x, Matrix<T>& y) const {
  check_rows("Linear::forward: x", x, weight.cols);
  y.noalias() = weight.in(parameters)*x;
  y.colwise() += bias.in(parameters).col(0);
}

template <class T>
void Linear::backward(const Vector<T>& parameters, const Matrix<T>& x, const Matrix<T>& dy,
                      Vector<T>& d_parameters, Matrix<T>* dx) const {
  check_shape("Linear::backward: dy", dy, weight.rows, x.cols());
  weight.in(d_parameters).noalias() += dy * x.transpose();
  bias.in(d_parameters) += dy.rowwise().sum();
  if (dx) dx->noalias() = weight.in(parameters).transpose() * dy;
}

// --- Activation ---

template <class T>
void activate(Activation f, Matrix<T>& y) {
  if (f == Activation::relu) y = y.cwiseMax(T(0));
  if (f == Activation::tanh) y = y.array().tanh();
}

template <class T>
void activate_backward(Activation f, const Matrix<T>& y, Matrix<T>& dy) {
  check_same_shape("activate_backward: dy", dy, y);
  if (f == Activation::relu) dy = (y.array() > T(0)).select(dy, T(0));
  if (f == Activation::tanh) dy.array() *= T(1) - y.array().square();
}

// --- Mlp ---

Mlp::Mlp(Layout& layout, const std::string& name, const std::vector<Index>& widths,
         Activation activation)
    : activation_(activation) {
  if (widths.size() < 2) throw std::invalid_argument("Mlp: wanted at least two widths");
  for (std::size_t l = 0; l + 1 < widths.size(); ++l) {
    const std::string layer = name + "." + std::to_string(l);
    layers_.push_back(Linear::add(layout, layer, widths[l], widths[l + 1]));
  }
}

template <class T>
void Mlp::initialise(Vector<T>& parameters, const Random& random) const {
  for (const Linear& layer : layers_) {
    const auto first = static_cast<std::uint64_t>(layer.weight.offset);
    const T bound = std::sqrt(T(6) / T(layer.weight.rows + layer.weight.cols));
    const Matrix<T> u = random.uniform<T>(layer.weight.rows, layer.weight.cols, first);
    layer.weight.in(parameters) = (bound * (T(2) * u.array() - T(1))).matrix();
    layer.bias.in(parameters).setZero();
  }
}

template <class T>
void Mlp::forward(const Vector<T>& parameters, const Matrix<T>& x,
                  std::vector<Matrix<T>>& outputs) const {
  outputs.resize(layers_.size());
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    layers_[l].forward(parameters, l == 0 ? x : outputs[l - 1], outputs[l]);
    if (l + 1 < layers_.size()) activate(activation_, outputs[l]);
  }
}

template <class T>
void Mlp::backward(const Vector<T>& parameters, const Matrix<T>& x,
                   const std::vector<Matrix<T>>& outputs, Matrix<T>& dy, Vector<T>& d_parameters,
                   Matrix<T>* dx, Matrix<T>& scratch) const {
  for (std::size_t l = layers_.size(); l-- > 1;) {
    layers_[l].backward(parameters, outputs[l - 1], dy, d_parameters, &scratch);
    activate_backward(activation_, outputs[l - 1], scratch);
    dy.swap(scratch);
  }
  layers_[0].backward(parameters, x, dy, d_parameters, dx);
}

#define ELBO_INSTANTIATE(T)                                                                        \
  template void Linear::forward(const Vector<T>&, const Matrix<T>&, Matrix<T>&) const;             \
  template void Linear::backward(const Vector<T>&, const Matrix<T>&, const Matrix<T>&, Vector<T>&, \
                                 Matrix<T>*) const;                                                \
  template void activate(Activation, Matrix<T>&);                                                  \
  template void activate_backward(Activation, const Matrix<T>&, Matrix<T>&);                       \
  template void Mlp::initialise(Vector<T>&, const Random&) const;                                  \
  template void Mlp::forward(const Vector<T>&, const Matrix<T>&, std::vector<Matrix<T>>&) const;   \
  template void Mlp::backward(const Vector<T>&, const Matrix<T>&, const std::vector<Matrix<T>>&,   \
                              Matrix<T>&, Vector<T>&, Matrix<T>*, Matrix<T>&) const;
ELBO_INSTANTIATE(float)
ELBO_INSTANTIATE(double)
#undef ELBO_INSTANTIATE

}  // namespace elbo
