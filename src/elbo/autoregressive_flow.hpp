// Inverse autoregressive flow (Kingma, Salimans, Jozefowicz, Chen, Sutskever and Welling 2016).
#pragma once

#include <string>
#include <vector>

#include "elbo/made.hpp"

namespace elbo {

/// The sizes of an AutoregressiveFlow.
struct AutoregressiveFlowOptions {
  Index dimension = 2;               ///< d
  Index context = 0;                 ///< numbers that every step may know: the encoder's h
  std::vector<Index> hidden = {32};  ///< widths of the MADE in every step
  Index steps = 2;                   ///< T; every other one has the order reversed
};

/// T steps, each of which keeps a part of every z_i and replaces the rest, by what MADE says having
/// seen the z before i and the context h:
///   (m, s) = MADE(z, h),  gate = sigmoid(s),  z <- gate z + (1 - gate) m   (algorithm 1)
///   log|det J| = sum_i log gate_i                                          (equation 14)
/// for the Jacobian is triangular, with the gates on its diagonal. z: d x n, h: context x n.
/// @label eq:inverse-autoregressive-flow
class AutoregressiveFlow {
 public:
  /// Takes its places in `layout`, each named `name`.step.layer and so on.
  AutoregressiveFlow(Layout& layout, const std::string& name,
                     const AutoregressiveFlowOptions& options);

  /// Near a plain shrinking: gates near sigmoid(2) = 0.88, m near 0.
  template <class T>
  void initialise(Vector<T>& parameters, const Random& random) const;

  /// What a pass forward leaves to the pass back, step by step.
  template <class T>
  struct Memory {
    /// Of one step.
    struct Step {
      Matrix<T> input;                 ///< z stacked on h, (d + context) x n
      std::vector<Matrix<T>> outputs;  ///< of MADE's layers, the last m stacked on s, 2d x n
      std::vector<Matrix<T>> errors;   ///< dloss/d(those, before activation)
      Matrix<T> gate;                  ///< sigmoid(s), d x n
      Matrix<T> d_input;               ///< dloss/dinput by way of m and s, (d + context) x n
    };
    std::vector<Step> steps;  ///< T of them, in the order of `forward`
  };

  /// z through all steps; log_det becomes the sum of their log|det J|, 1 x n.
  template <class T>
  Matrix<T> forward(const Vector<T>& parameters, const Matrix<T>& z, const Matrix<T>& context,
                    RowVector<T>& log_det, Memory<T>& memory) const;

  /// From dloss/d(result) and dloss/dlog_det: returns dloss/dz; d_context becomes dloss/dh.
  /// @label eq:inverse-autoregressive-flow-gradient
  template <class T>
  Matrix<T> backward(const Vector<T>& parameters, Matrix<T> dz, const RowVector<T>& d_log_det,
                     Matrix<T>& d_context, Memory<T>& memory) const;

  /// What the layers' gradients are made of, once `backward` has been. They refer to `memory`.
  template <class T>
  void gradients(const Memory<T>& memory, std::vector<LayerGradient<T>>& out) const;

  /// The z that `forward` brings to `y`. It takes d passes a step, for z_i can be had only once
  /// those before it are known: cheap in one direction alone.
  /// @label eq:autoregressive-inverse
  template <class T>
  Matrix<T> inverse(const Vector<T>& parameters, const Matrix<T>& y,
                    const Matrix<T>& context) const;

 private:
  Index d_, context_;
  std::vector<Made> steps_;
};

}  // namespace elbo
