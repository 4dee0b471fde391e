// A training program written out by hand, its parts those of an exhibit.
#pragma once

#include <cstdint>
#include <vector>

#include "elbo/layers.hpp"
#include "elbo/vae.hpp"
#include "exhibit.hpp"

namespace chapter {

struct Model {
  Index pixels = 784, hidden = 64, latent = 8;
  double learning_rate = 4e-3;
};

class Program {
 public:
  Program(const Exhibit& exhibit, const Model& model, std::uint64_t seed);

  /// One pass forward and back: what the program would log of each image (1 x n, nats if it were
  /// right), and in `gradient` the derivative of minus its mean. eps: d x (n draws).
  /// @label eq:museum-step
  Row forward_and_back(const Matrix& x, const Matrix& eps);
  /// The same, and a step of Adam.
  Row step(const Matrix& x, const Matrix& eps);

  /// From now on only the encoder moves, and that from its start.
  void keep_decoder(const elbo::Vector<double>& of);

  /// The same parameters, read by the library: what the decoder is to those who read it right.
  elbo::Vae<double> read_right() const;

  const Exhibit& exhibit() const { return exhibit_; }
  const Model& model() const { return model_; }

  elbo::Vector<double> parameters, gradient;

 private:
  double log_variance() const { return log_variance_.in(parameters)(0, 0); }
  Row one_draw(const Matrix& x, const Matrix& eps);
  Row many_draws(const Matrix& x, const Matrix& eps);
  void back(const Matrix& x);

  const Exhibit& exhibit_;
  Model model_;
  elbo::Layout layout_;
  elbo::Mlp encoder_, decoder_;
  elbo::Slice log_variance_;
  // What a pass leaves: the layers' outputs and errors, and the code's.
  std::vector<Matrix> encoded_, decoded_, encoder_errors_, decoder_errors_;
  Matrix z_, dz_;
  // Adam's
  elbo::Vector<double> m_, v_;
  long t_ = 0;
  Index moving_;  // so many parameters, from the first on
};

}  // namespace chapter
