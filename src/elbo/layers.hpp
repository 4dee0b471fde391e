// Layers with their derivatives beside them, written by hand.
//
// forward(parameters, x) gives y; backward(parameters, ..., dy, d_parameters) is given
// dy = dloss/dy, ADDS dloss/dparameters to d_parameters, and gives dx = dloss/dx.
#pragma once

#include <string>
#include <vector>

#include "elbo/parameters.hpp"
#include "elbo/random.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// y = W x + b. x: in x n, W: out x in, b: out x 1, y: out x n.
/// Backward: dW = dy x', db = sum over samples of dy, dx = W' dy.
/// @label eq:linear
struct Linear {
  Slice weight, bias;

  static Linear add(Layout& layout, const std::string& name, Index in, Index out);

  template <class T>
  void forward(const Vector<T>& parameters, const Matrix<T>& x, Matrix<T>& y) const;
  /// dx may be null where nobody asks for it (the first layer).
  template <class T>
  void backward(const Vector<T>& parameters, const Matrix<T>& x, const Matrix<T>& dy,
                Vector<T>& d_parameters, Matrix<T>* dx) const;
};

/// What stands between two linear layers. Both derivatives can be had from the output y alone.
/// @label eq:activation
enum class Activation {
  relu,  // max(x, 0); dx = dy where y > 0
  tanh   // dx = dy (1 - y^2)
};

/// y = f(y), in place.
template <class T>
void activate(Activation f, Matrix<T>& y);
/// dy = dy f'(x), in place, from the output y = f(x).
template <class T>
void activate_backward(Activation f, const Matrix<T>& y, Matrix<T>& dy);

/// A multilayer perceptron: linear, activation, ..., linear. No hidden widths: a linear map.
class Mlp {
 public:
  /// widths = {in, hidden..., out}.
  Mlp(Layout& layout, const std::string& name, const std::vector<Index>& widths,
      Activation activation);

  /// Weights uniform in +-sqrt(6 / (in + out)) (Glorot and Bengio 2010, equation 16), biases 0.
  template <class T>
  void initialise(Vector<T>& parameters, const Random& random) const;

  /// outputs[l] is what layer l gave, after its activation; outputs.back() is the result.
  template <class T>
  void forward(const Vector<T>& parameters, const Matrix<T>& x,
               std::vector<Matrix<T>>& outputs) const;

  /// dy is used up. dx may be null. `scratch` is memory that later calls use again.
  template <class T>
  void backward(const Vector<T>& parameters, const Matrix<T>& x,
                const std::vector<Matrix<T>>& outputs, Matrix<T>& dy, Vector<T>& d_parameters,
                Matrix<T>* dx, Matrix<T>& scratch) const;

  const std::vector<Linear>& layers() const { return layers_; }

 private:
  std::vector<Linear> layers_;
  Activation activation_;
};

}  // namespace elbo
