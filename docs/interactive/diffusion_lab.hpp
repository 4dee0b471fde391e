// Chapter 10's instrument keeps a network for each shape and schedule, and what judges it.
#pragma once

#include <memory>

#include "../../chapters/10_diffusion/sampling.hpp"
#include "../../chapters/10_diffusion/shapes.hpp"
#include "elbo/trainer.hpp"

namespace interactive {

/// A denoiser that has learned nothing at first, on points of one shape.
class Lab {
 public:
  static constexpr int layers = 100;  ///< T, as in the chapter's --quick

  Lab(int shape, int schedule);

  /// So many mini-batches more, if the plan has so many left.
  void train(int steps);
  long steps() const { return trainer_.progress.steps; }
  /// When the learning rate will have fallen to 0.
  static long planned();

  /// From data down: n points at t = 0 .. T, layer after layer.
  std::vector<elbo::Matrix<float>> forward(elbo::Index n) const;
  /// From noise back, by the network as it is: n points at t = 0 .. T.
  std::vector<elbo::Matrix<float>> reverse(elbo::Index n);
  /// ELBO of the test points, nats a point, and how far their true log p lies above it, in pairs.
  struct Verdict {
    double elbo, log_prob, gap, standard_error;
  };
  Verdict judge();

  const chapter::Shape& shape() const { return shape_; }
  const elbo::NoiseSchedule& schedule() const { return denoiser_.diffusion().schedule(); }

 private:
  chapter::Shape shape_;
  elbo::Matrix<float> data_, test_;
  elbo::RowVector<double> log_prob_;  // of the test points
  elbo::Denoiser<float> denoiser_;
  elbo::Adam<float> adam_;
  elbo::Threads threads_{1};
  elbo::Trainer<float, elbo::Denoiser> trainer_;
};

}  // namespace interactive
