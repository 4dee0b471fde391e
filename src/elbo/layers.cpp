#include "elbo/layers.hpp"

#include <cmath>
#include <stdexcept>

#include "elbo/shape.hpp"

namespace elbo {

// --- Linear ---

Linear Linear::add(Layout& layout, const std::string& name, Index in, Index out) {
  return {layout.add(name + ".weight", out, in), layout.add(name + ".bias", out, 1)};
}

// [linear]
template <class T>
void Linear::forward(const Vector<T>& parameters, const Matrix<T>& x, Matrix<T>& y) const {
  check_rows("Linear::forward: x", x, weight.cols);
  y.resize(weight.rows, x.cols());
  multiply<T>(weight.in(parameters), x, y.data());
  y.colwise() += bias.in(parameters).col(0);
}

template <class T>
void Linear::backward(const Vector<T>& parameters, const Matrix<T>& dy, Matrix<T>& dx) const {
  check_rows("Linear::backward: dy", dy, weight.rows);
  dx.resize(weight.cols, dy.cols());
  multiply<T>(weight.in(parameters).transpose(), dy, dx.data());
}
// [linear]

// --- LayerGradient ---

// [layer-gradient]
template <class T>
Factors<T> LayerGradient<T>::weight(Index first, Index cols) const {
  return {*dy, x->middleRows(first, cols).transpose()};
}

template <class T>
void LayerGradient<T>::omit_missing(Index first, Index cols, T* d_weight) const {
  if (!mask) return;
  Eigen::Map<Array<T>> d(d_weight, mask->rows(), cols);
  d = mask->middleCols(first, cols).select(d, T(0));
}

template <class T>
void LayerGradient<T>::bias(T* d_bias, Sum sum) const {
  Eigen::Map<Vector<T>> out(d_bias, dy->rows());
  if (sum == Sum::fresh) out.setZero();
  out += dy->rowwise().sum();
}

template <class T>
void LayerGradient<T>::add_to(Vector<T>& d_parameters) const {
  check_shape("LayerGradient: dy", *dy, layer.bias.rows, x->cols());
  if (layer.weight.cols > 0) {
    const Factors<T> whole = weight(0, layer.weight.cols);
    T* const d_weight = d_parameters.data() + layer.weight.offset;
    if (mask) {
      Matrix<T> product(layer.weight.rows, layer.weight.cols);
      multiply(whole.a, whole.b, product.data());
      omit_missing(0, layer.weight.cols, product.data());
      layer.weight.in(d_parameters) += product;
    } else {
      multiply(whole.a, whole.b, d_weight, Sum::added);
    }
  }
  bias(d_parameters.data() + layer.bias.offset, Sum::added);
}
// [layer-gradient]

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

// [backpropagation]
template <class T>
void Mlp::backward(const Vector<T>& parameters, const std::vector<Matrix<T>>& outputs,
                   std::vector<Matrix<T>>& errors, Matrix<T>* dx) const {
  if (errors.size() != layers_.size()) throw std::invalid_argument("Mlp: one error a layer");
  for (std::size_t l = layers_.size(); l-- > 1;) {
    layers_[l].backward(parameters, errors[l], errors[l - 1]);
    activate_backward(activation_, outputs[l - 1], errors[l - 1]);
  }
  if (dx) layers_[0].backward(parameters, errors[0], *dx);
}
// [backpropagation]

template <class T>
void Mlp::gradients(const Matrix<T>& x, const std::vector<Matrix<T>>& outputs,
                    const std::vector<Matrix<T>>& errors,
                    std::vector<LayerGradient<T>>& out) const {
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    out.push_back({layers_[l], l == 0 ? &x : &outputs[l - 1], &errors[l]});
  }
}

#define ELBO_INSTANTIATE(T)                                                                      \
  template struct LayerGradient<T>;                                                              \
  template void Linear::forward(const Vector<T>&, const Matrix<T>&, Matrix<T>&) const;           \
  template void Linear::backward(const Vector<T>&, const Matrix<T>&, Matrix<T>&) const;          \
  template void activate(Activation, Matrix<T>&);                                                \
  template void activate_backward(Activation, const Matrix<T>&, Matrix<T>&);                     \
  template void Mlp::initialise(Vector<T>&, const Random&) const;                                \
  template void Mlp::forward(const Vector<T>&, const Matrix<T>&, std::vector<Matrix<T>>&) const; \
  template void Mlp::backward(const Vector<T>&, const std::vector<Matrix<T>>&,                   \
                              std::vector<Matrix<T>>&, Matrix<T>*) const;                        \
  template void Mlp::gradients(const Matrix<T>&, const std::vector<Matrix<T>>&,                  \
                               const std::vector<Matrix<T>>&, std::vector<LayerGradient<T>>&)    \
      const;
ELBO_INSTANTIATE(float)
ELBO_INSTANTIATE(double)
#undef ELBO_INSTANTIATE

}  // namespace elbo
