// Layers with their derivatives beside them, written by hand.
//
// forward(parameters, x) gives y; backward is given dy = dloss/dy. It has two halves: from dy to
// dx = dloss/dx, which must go layer by layer, and from x and dy to dloss/dparameters, which may be
// done for any layer, and any part of a layer, afterwards. What adds says so.
#pragma once

#include <string>
#include <vector>

#include "elbo/parameters.hpp"
#include "elbo/product.hpp"
#include "elbo/random.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// y = W x + b. x: in x n, W: out x in, b: out x 1, y: out x n.
/// Backward: dW = dy x', db = sum over samples of dy, dx = W' dy.
/// @label eq:linear
struct Linear {
  Slice weight;  ///< W, out x in
  Slice bias;    ///< b, out x 1

  /// Takes its places in `layout`, as `name`.weight and `name`.bias.
  static Linear add(Layout& layout, const std::string& name, Index in, Index out);

  /// y, from x.
  template <class T>
  void forward(const Vector<T>& parameters, const Matrix<T>& x, Matrix<T>& y) const;
  /// dx, from dy.
  template <class T>
  void backward(const Vector<T>& parameters, const Matrix<T>& dy, Matrix<T>& dx) const;
};

/// Which of a layer's weights exist (out x in); the others are never read.
using Mask = Array<bool>;

/// The two matrices of which a linear layer's gradient is made: dW = dy x', db = dy 1; dW is 0
/// where a mask says that the weight is missing. It refers to them and must not outlive them.
template <class T>
struct LayerGradient {
  Linear layer;                ///< where W and b stand
  const Matrix<T>* x;          ///< what the layer was given, in x n
  const Matrix<T>* dy;         ///< dloss/dy, out x n
  const Mask* mask = nullptr;  ///< which weights exist; null: all

  /// dy x' for the columns [first, first + cols) of W.
  Factors<T> weight(Index first, Index cols) const;
  /// Puts 0 for the missing weights among those columns of dW, which stand from `d_weight` on.
  void omit_missing(Index first, Index cols, T* d_weight) const;
  /// db, written or added from `d_bias` on.
  void bias(T* d_bias, Sum sum) const;
  /// ADDS both, whole, to the gradient of all parameters.
  void add_to(Vector<T>& d_parameters) const;
};

/// What stands between two linear layers. Both derivatives can be had from the output y alone.
/// @label eq:activation
enum class Activation {
  relu,  ///< max(x, 0); dx = dy where y > 0
  tanh   ///< tanh(x); dx = dy (1 - y^2)
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

  /// Backpropagation. errors.back() is dy; errors[l] becomes dloss/d(what layer l gave before its
  /// activation). dx may be null where nobody asks for it.
  template <class T>
  void backward(const Vector<T>& parameters, const std::vector<Matrix<T>>& outputs,
                std::vector<Matrix<T>>& errors, Matrix<T>* dx) const;

  /// What each layer's gradient is made of, once `backward` has been.
  template <class T>
  void gradients(const Matrix<T>& x, const std::vector<Matrix<T>>& outputs,
                 const std::vector<Matrix<T>>& errors, std::vector<LayerGradient<T>>& out) const;

  /// The first layer first.
  const std::vector<Linear>& layers() const { return layers_; }

 private:
  std::vector<Linear> layers_;
  Activation activation_;
};

}  // namespace elbo
