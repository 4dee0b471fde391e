// Stochastic gradient descent, with the step sizes under which it is known to converge.
#pragma once

#include <cmath>

#include "elbo/types.hpp"

namespace elbo {

/// Step t = 1, 2, ... has size a / (1 + t / t0)^power. With 1/2 < power <= 1 the sizes sum to
/// infinity and their squares do not: the conditions of Robbins and Monro (1951).
/// power = 0 is a constant step.
/// @label eq:robbins-monro
struct SgdOptions {
  double learning_rate = 0.1;  ///< a
  double offset = 1.0;         ///< t0, in steps
  double power = 1.0;          ///< 0 for steps of one size
};

/// Descends the loss whose gradient it is given, often a noisy one.
template <class T>
class Sgd {
 public:
  /// Before the first step.
  explicit Sgd(SgdOptions with) : options(with) {}

  /// Of the step that comes next.
  double next_step_size() const {
    const double t = static_cast<double>(step_ + 1);
    return options.learning_rate / std::pow(1.0 + t / options.offset, options.power);
  }

  /// theta <- theta - step size * gradient.
  void step(Vector<T>& parameters, const Vector<T>& gradient) {
    parameters -= T(next_step_size()) * gradient;
    ++step_;
  }

  /// May change between steps.
  SgdOptions options;

 private:
  long step_ = 0;
};

}  // namespace elbo
