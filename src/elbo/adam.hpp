// Adam (Kingma and Ba 2015, algorithm 1).
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

#include "elbo/shape.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// The numbers of algorithm 1, with its defaults.
struct AdamOptions {
  double learning_rate = 1e-3;  ///< alpha
  double beta1 = 0.9;           ///< how much of its running mean of the gradient a step keeps
  double beta2 = 0.999;         ///< the same for the mean of the gradient's square
  double epsilon = 1e-8;        ///< keeps the step finite where the gradient has been 0
};

/// Descends the loss whose gradient it is given.
template <class T>
class Adam {
 public:
  /// For `size` parameters. Both running means begin at 0.
  explicit Adam(Index size, AdamOptions with = {})
      : options(with), m_(Vector<T>::Zero(size)), v_(Vector<T>::Zero(size)) {}

  /// Counts one step, at `rate` times the learning rate (a schedule). Call it once, then `update`
  /// every part of the vector once.
  void begin_step(double rate = 1.0) {
    ++step_;
    rate_ = rate;
  }

  /// m <- b1 m + (1 - b1) g,  v <- b2 v + (1 - b2) g^2,
  /// theta <- theta - alpha (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon),
  /// with g = scale gradient, for the entries from `first` on that `gradient` covers (threads take
  /// a part each).
  /// @label eq:adam
  template <class Derived>
  void update(Vector<T>& parameters, const Eigen::MatrixBase<Derived>& gradient, T scale = T(1),
              Index first = 0) {
    const T b1 = T(options.beta1), b2 = T(options.beta2);
    const T rate =
        T(rate_ * options.learning_rate / (1.0 - std::pow(options.beta1, double(step_))));
    const T root = T(1.0 / std::sqrt(1.0 - std::pow(options.beta2, double(step_))));
    constexpr Index few = 512;  // at a time, so that they are fetched from memory once
    for (Index i = 0; i < gradient.size(); i += few) {
      const Index n = std::min(few, gradient.size() - i), at = first + i;
      const auto g = scale * gradient.segment(i, n).array();
      auto m = m_.segment(at, n).array(), v = v_.segment(at, n).array();
      m += (T(1) - b1) * (g - m);
      v += (T(1) - b2) * (g.square() - v);
      parameters.segment(at, n).array() -= rate * m / (root * v.sqrt() + T(options.epsilon));
    }
  }

  /// One whole step.
  void step(Vector<T>& parameters, const Vector<T>& gradient) {
    check_same_shape("Adam::step: gradient", gradient, parameters);
    check_same_shape("Adam::step: parameters", parameters, m_);
    begin_step();
    update(parameters, gradient);
  }

  /// t, the steps begun so far.
  long steps() const { return step_; }

  /// The running mean of the gradient. A checkpoint keeps it, v() and steps().
  const Vector<T>& m() const { return m_; }
  /// The running mean of the gradient's square, entry by entry.
  const Vector<T>& v() const { return v_; }
  /// Puts back what a checkpoint kept. Throws std::invalid_argument for other shapes.
  void restore(Vector<T> m, Vector<T> v, long steps) {
    check_same_shape("Adam::restore: m", m, m_);
    check_same_shape("Adam::restore: v", v, v_);
    m_ = std::move(m), v_ = std::move(v), step_ = steps;
  }

  /// May change between steps.
  AdamOptions options;

 private:
  Vector<T> m_, v_;  // running means of the gradient and of its square
  long step_ = 0;
  double rate_ = 1.0;
};

}  // namespace elbo
