// A network whose i-th answer knows only the inputs before i: MADE (Germain, Gregor, Murray and
// Larochelle 2015, "Masked autoencoder for distribution estimation").
#pragma once

#include <string>
#include <vector>

#include "elbo/layers.hpp"

namespace elbo {

/// y = (W o M) x + b: a linear layer some of whose weights are missing. M (out x in) tells which
/// are there. A missing weight is never read and its gradient is 0, so it stays what it was.
/// @label eq:masked-linear
struct MaskedLinear {
  Linear linear;  ///< where W and b stand
  Mask mask;      ///< M, out x in

  /// Unit i of the output sees unit j of the input where in[j] <= out[i], or in[j] < out[i] if
  /// `strictly` (equations 8 and 9): a unit of degree k knows inputs 1 to k.
  static MaskedLinear add(Layout& layout, const std::string& name, const std::vector<Index>& in,
                          const std::vector<Index>& out, bool strictly);

  /// y, out x n, from x, in x n.
  template <class T>
  void forward(const Vector<T>& parameters, const Matrix<T>& x, Matrix<T>& y) const;
  /// dx = (W o M)' dy.
  template <class T>
  void backward(const Vector<T>& parameters, const Matrix<T>& dy, Matrix<T>& dx) const;

 private:
  template <class T>
  Matrix<T> weight(const Vector<T>& parameters) const;
};

/// The sizes of a Made, and its order.
struct MadeOptions {
  Index dimension = 2;               ///< d
  Index context = 0;                 ///< inputs that every answer may know
  std::vector<Index> hidden = {32};  ///< widths; at least one
  Index answers = 2;                 ///< numbers for each of the d, first those of the first kind
  bool reversed = false;             ///< the order is d .. 1 instead of 1 .. d
};

/// An Mlp (tanh) from (d + context) x n to (answers d) x n in which answer i depends on the inputs
/// before i in the order, and on the context. Its Jacobian in the d inputs is strictly triangular.
/// @label eq:made-order
class Made {
 public:
  /// Takes its places in `layout`, layer by layer, as `name`.0.weight and so on. Throws
  /// std::invalid_argument without a dimension or a hidden layer.
  Made(Layout& layout, const std::string& name, const MadeOptions& options);

  /// As an Mlp's; the last layer at `last` times that size.
  template <class T>
  void initialise(Vector<T>& parameters, const Random& random, T last) const;
  /// As Mlp::forward: outputs.back() is (answers d) x n.
  template <class T>
  void forward(const Vector<T>& parameters, const Matrix<T>& x,
               std::vector<Matrix<T>>& outputs) const;
  /// As Mlp::backward: dx becomes (d + context) x n.
  template <class T>
  void backward(const Vector<T>& parameters, const std::vector<Matrix<T>>& outputs,
                std::vector<Matrix<T>>& errors, Matrix<T>& dx) const;
  /// As Mlp::gradients, each with its mask. They refer to this object too.
  template <class T>
  void gradients(const Matrix<T>& x, const std::vector<Matrix<T>>& outputs,
                 const std::vector<Matrix<T>>& errors, std::vector<LayerGradient<T>>& out) const;

  /// The first layer first.
  const std::vector<MaskedLinear>& layers() const { return layers_; }

 private:
  std::vector<MaskedLinear> layers_;
};

}  // namespace elbo
