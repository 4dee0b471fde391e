// Planar flows (Rezende and Mohamed 2015, "Variational inference with normalizing flows").
#pragma once

#include <string>
#include <vector>

#include "elbo/parameters.hpp"
#include "elbo/random.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// Layers, each of which pushes space along one direction, by an amount that changes along another:
///   f(z) = z + u^ tanh(w'z + b)                          (equation 10)
///   log|det df/dz| = log(1 + (1 - tanh^2(w'z + b)) w'u^)  (equation 12)
/// It is one to one where w'u^ > -1, so u^ = u + (s - w'u) w / |w|^2 with
/// w'u^ = s = softplus(w'u) - 1 (appendix A.1). z: d x n.
/// @label eq:planar-flow
class PlanarFlow {
 public:
  /// Takes its places in `layout`: u and w of `dimension` numbers and b, for each of the layers.
  PlanarFlow(Layout& layout, const std::string& name, Index dimension, Index layers);

  /// Small random directions u: every layer moves its points little.
  template <class T>
  void initialise(Vector<T>& parameters, const Random& random) const;

  /// What a pass forward leaves to the pass back.
  template <class T>
  struct Memory {
    std::vector<Matrix<T>> inputs;    ///< of every layer, d x n
    std::vector<RowVector<T>> tanhs;  ///< tanh(w'z + b) of every layer, 1 x n
  };

  /// z through all layers; log_det becomes the sum of their log|det J|, 1 x n.
  template <class T>
  Matrix<T> forward(const Vector<T>& parameters, const Matrix<T>& z, RowVector<T>& log_det,
                    Memory<T>& memory) const;

  /// From dloss/d(result) and dloss/dlog_det: returns dloss/dz and ADDS to d_parameters.
  /// @label eq:planar-flow-gradient
  template <class T>
  Matrix<T> backward(const Vector<T>& parameters, const Memory<T>& memory, Matrix<T> dz,
                     const RowVector<T>& d_log_det, Vector<T>& d_parameters) const;

  /// How many.
  Index layers() const { return static_cast<Index>(layers_.size()); }

 private:
  struct Layer {
    Slice u, w, b;
  };
  std::vector<Layer> layers_;
};

}  // namespace elbo
