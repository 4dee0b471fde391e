#include "elbo/made.hpp"

#include <cmath>
#include <stdexcept>

#include "elbo/shape.hpp"

namespace elbo {

// --- MaskedLinear ---

// [masked-linear]
MaskedLinear MaskedLinear::add(Layout& layout, const std::string& name,
                               const std::vector<Index>& in, const std::vector<Index>& out,
                               bool strictly) {
  const auto cols = static_cast<Index>(in.size()), rows = static_cast<Index>(out.size());
  MaskedLinear layer{Linear::add(layout, name, cols, rows), Mask(rows, cols)};
  for (Index j = 0; j < cols; ++j) {
    for (Index i = 0; i < rows; ++i) {
      const Index known = in[static_cast<std::size_t>(j)], mine = out[static_cast<std::size_t>(i)];
      layer.mask(i, j) = strictly ? known < mine : known <= mine;
    }
  }
  return layer;
}

template <class T>
Matrix<T> MaskedLinear::weight(const Vector<T>& parameters) const {
  return mask.select(linear.weight.in(parameters).array(), T(0));
}

template <class T>
void MaskedLinear::forward(const Vector<T>& parameters, const Matrix<T>& x, Matrix<T>& y) const {
  check_rows("MaskedLinear::forward: x", x, mask.cols());
  y.resize(mask.rows(), x.cols());
  multiply<T>(weight(parameters), x, y.data());
  y.colwise() += linear.bias.in(parameters).col(0);
}

template <class T>
void MaskedLinear::backward(const Vector<T>& parameters, const Matrix<T>& dy, Matrix<T>& dx) const {
  check_rows("MaskedLinear::backward: dy", dy, mask.rows());
  dx.resize(mask.cols(), dy.cols());
  const Matrix<T> w = weight(parameters);
  multiply<T>(w.transpose(), dy, dx.data());
}
// [masked-linear]

// --- Made ---

// [made]
// Every unit has a degree, the number of inputs it may know. Context has 0; inputs have their
// places in the order; hidden units take 0 .. d-1 in turn, for the last input is nobody's business.
Made::Made(Layout& layout, const std::string& name, const MadeOptions& o) {
  if (o.dimension < 1 || o.hidden.empty()) {
    throw std::invalid_argument("Made: wanted a dimension and a hidden layer at least");
  }
  std::vector<Index> places, degrees, answers;
  for (Index i = 1; i <= o.dimension; ++i) places.push_back(o.reversed ? o.dimension + 1 - i : i);
  for (Index a = 0; a < o.answers; ++a) answers.insert(answers.end(), places.begin(), places.end());
  degrees = places;
  degrees.resize(places.size() + static_cast<std::size_t>(o.context), 0);

  for (std::size_t l = 0; l < o.hidden.size(); ++l) {
    std::vector<Index> next;
    for (Index k = 0; k < o.hidden[l]; ++k) next.push_back(k % o.dimension);
    const std::string layer = name + "." + std::to_string(l);
    layers_.push_back(MaskedLinear::add(layout, layer, degrees, next, false));
    degrees = next;
  }
  const std::string last = name + "." + std::to_string(o.hidden.size());
  layers_.push_back(MaskedLinear::add(layout, last, degrees, answers, true));
}
// [made]

template <class T>
void Made::initialise(Vector<T>& parameters, const Random& random, T last) const {
  for (const MaskedLinear& layer : layers_) {
    const Slice& weight = layer.linear.weight;
    const T scale = &layer == &layers_.back() ? last : T(1);
    const T bound = scale * std::sqrt(T(6) / T(weight.rows + weight.cols));
    const Matrix<T> u =
        random.uniform<T>(weight.rows, weight.cols, static_cast<std::uint64_t>(weight.offset));
    weight.in(parameters) = layer.mask.select(bound * (T(2) * u.array() - T(1)), T(0));
    layer.linear.bias.in(parameters).setZero();
  }
}

template <class T>
void Made::forward(const Vector<T>& parameters, const Matrix<T>& x,
                   std::vector<Matrix<T>>& outputs) const {
  outputs.resize(layers_.size());
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    layers_[l].forward(parameters, l == 0 ? x : outputs[l - 1], outputs[l]);
    if (l + 1 < layers_.size()) activate(Activation::tanh, outputs[l]);
  }
}

template <class T>
void Made::backward(const Vector<T>& parameters, const std::vector<Matrix<T>>& outputs,
                    std::vector<Matrix<T>>& errors, Matrix<T>& dx) const {
  if (errors.size() != layers_.size()) throw std::invalid_argument("Made: one error a layer");
  for (std::size_t l = layers_.size(); l-- > 1;) {
    layers_[l].backward(parameters, errors[l], errors[l - 1]);
    activate_backward(Activation::tanh, outputs[l - 1], errors[l - 1]);
  }
  layers_[0].backward(parameters, errors[0], dx);
}

template <class T>
void Made::gradients(const Matrix<T>& x, const std::vector<Matrix<T>>& outputs,
                     const std::vector<Matrix<T>>& errors,
                     std::vector<LayerGradient<T>>& out) const {
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    out.push_back({layers_[l].linear, l == 0 ? &x : &outputs[l - 1], &errors[l], &layers_[l].mask});
  }
}

#define ELBO_INSTANTIATE(T)                                                                       \
  template void MaskedLinear::forward(const Vector<T>&, const Matrix<T>&, Matrix<T>&) const;      \
  template void MaskedLinear::backward(const Vector<T>&, const Matrix<T>&, Matrix<T>&) const;     \
  template void Made::initialise(Vector<T>&, const Random&, T) const;                             \
  template void Made::forward(const Vector<T>&, const Matrix<T>&, std::vector<Matrix<T>>&) const; \
  template void Made::backward(const Vector<T>&, const std::vector<Matrix<T>>&,                   \
                               std::vector<Matrix<T>>&, Matrix<T>&) const;                        \
  template void Made::gradients(const Matrix<T>&, const std::vector<Matrix<T>>&,                  \
                                const std::vector<Matrix<T>>&, std::vector<LayerGradient<T>>&)    \
      const;
ELBO_INSTANTIATE(float)
ELBO_INSTANTIATE(double)
#undef ELBO_INSTANTIATE

}  // namespace elbo
