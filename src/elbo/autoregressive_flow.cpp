#include "elbo/autoregressive_flow.hpp"

#include <cmath>

#include "elbo/shape.hpp"
#include "elbo/special.hpp"

namespace elbo {
namespace {

template <class T>
Matrix<T> stacked(const Matrix<T>& z, const Matrix<T>& context) {
  Matrix<T> both(z.rows() + context.rows(), z.cols());
  both << z, context;
  return both;
}

}  // namespace

AutoregressiveFlow::AutoregressiveFlow(Layout& layout, const std::string& name,
                                       const AutoregressiveFlowOptions& o)
    : d_(o.dimension), context_(o.context) {
  for (Index t = 0; t < o.steps; ++t) {
    steps_.emplace_back(layout, name + "." + std::to_string(t),
                        MadeOptions{.dimension = o.dimension,
                                    .context = o.context,
                                    .hidden = o.hidden,
                                    .answers = 2,
                                    .reversed = t % 2 == 1});
  }
}

template <class T>
void AutoregressiveFlow::initialise(Vector<T>& parameters, const Random& random) const {
  for (const Made& step : steps_) {
    step.initialise(parameters, random, T(0.1));
    step.layers().back().linear.bias.in(parameters).bottomRows(d_).setConstant(T(2));
  }
}

// [iaf-forward]
template <class T>
Matrix<T> AutoregressiveFlow::forward(const Vector<T>& parameters, const Matrix<T>& z,
                                      const Matrix<T>& context, RowVector<T>& log_det,
                                      Memory<T>& memory) const {
  check_rows("AutoregressiveFlow: z", z, d_);
  Matrix<T> y = z;
  log_det.setZero(z.cols());
  memory.steps.resize(steps_.size());
  for (std::size_t t = 0; t < steps_.size(); ++t) {
    auto& now = memory.steps[t];
    now.input = stacked(y, context);
    steps_[t].forward(parameters, now.input, now.outputs);
    const Array<T> m = now.outputs.back().topRows(d_), s = now.outputs.back().bottomRows(d_);
    now.gate = s.unaryExpr([](T a) { return sigmoid(a); });
    y = m + now.gate.array() * (y.array() - m);
    // log sigmoid(s) = -softplus(-s), also where the gate rounds to 0.
    log_det.array() -= s.unaryExpr([](T a) { return softplus(-a); }).colwise().sum();
  }
  return y;
}
// [iaf-forward]

// [iaf-backward]
template <class T>
Matrix<T> AutoregressiveFlow::backward(const Vector<T>& parameters, Matrix<T> dz,
                                       const RowVector<T>& d_log_det, Matrix<T>& d_context,
                                       Memory<T>& memory) const {
  d_context.setZero(context_, dz.cols());
  for (std::size_t t = steps_.size(); t-- > 0;) {
    auto& now = memory.steps[t];
    const Array<T> gate = now.gate, away = now.input.topRows(d_) - now.outputs.back().topRows(d_);
    // y = m + gate away, away = z - m, and log gate, with dgate/ds = gate (1 - gate).
    now.errors.resize(now.outputs.size());
    Matrix<T>& error = now.errors.back();
    error.resize(2 * d_, dz.cols());
    error.topRows(d_) = (T(1) - gate) * dz.array();
    error.bottomRows(d_) =
        (T(1) - gate) * (gate * away * dz.array() + d_log_det.replicate(d_, 1).array());
    steps_[t].backward(parameters, now.outputs, now.errors, now.d_input);
    dz.array() *= gate;
    dz += now.d_input.topRows(d_);
    d_context += now.d_input.bottomRows(context_);
  }
  return dz;
}
// [iaf-backward]

template <class T>
void AutoregressiveFlow::gradients(const Memory<T>& memory,
                                   std::vector<LayerGradient<T>>& out) const {
  for (std::size_t t = 0; t < steps_.size(); ++t) {
    const auto& now = memory.steps[t];
    steps_[t].gradients(now.input, now.outputs, now.errors, out);
  }
}

// [iaf-inverse]
template <class T>
Matrix<T> AutoregressiveFlow::inverse(const Vector<T>& parameters, const Matrix<T>& y,
                                      const Matrix<T>& context) const {
  Matrix<T> z = y;
  std::vector<Matrix<T>> outputs;
  for (std::size_t t = steps_.size(); t-- > 0;) {
    const Matrix<T> result = z;
    // After pass i the first i of the order are right, whatever the others still are.
    for (Index pass = 0; pass < d_; ++pass) {
      steps_[t].forward(parameters, stacked(z, context), outputs);
      const Array<T> m = outputs.back().topRows(d_), s = outputs.back().bottomRows(d_);
      z = m + (result.array() - m) * (T(1) + (-s).exp());
    }
  }
  return z;
}
// [iaf-inverse]

#define ELBO_INSTANTIATE(T)                                                                     \
  template void AutoregressiveFlow::initialise(Vector<T>&, const Random&) const;                \
  template Matrix<T> AutoregressiveFlow::forward(                                               \
      const Vector<T>&, const Matrix<T>&, const Matrix<T>&, RowVector<T>&, Memory<T>&) const;   \
  template Matrix<T> AutoregressiveFlow::backward(                                              \
      const Vector<T>&, Matrix<T>, const RowVector<T>&, Matrix<T>&, Memory<T>&) const;          \
  template void AutoregressiveFlow::gradients(const Memory<T>&, std::vector<LayerGradient<T>>&) \
      const;                                                                                    \
  template Matrix<T> AutoregressiveFlow::inverse(const Vector<T>&, const Matrix<T>&,            \
                                                 const Matrix<T>&) const;
ELBO_INSTANTIATE(float)
ELBO_INSTANTIATE(double)
#undef ELBO_INSTANTIATE

}  // namespace elbo
