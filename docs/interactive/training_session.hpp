// A VAE in training, of which the instrument of chapter 5 asks a few mini-batches at a time.
#pragma once

#include <array>

#include "elbo/adam.hpp"
#include "elbo/trainer.hpp"
#include "training_data.hpp"

namespace interactive {

/// What is trained, on what.
struct Wish {
  Origin origin;
  elbo::Index latent;
  double beta;
  std::uint64_t seed;
};

/// From random weights on, by the library's trainer.
class Session {
 public:
  explicit Session(const Wish& wish);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// So many mini-batches more. Throws std::runtime_error when the loss runs away.
  void train(long steps);

  /// Mini-batches, and what was seen in them, summed: pictures as often as they came, nats,
  /// seconds.
  struct Sums {
    long steps = 0;
    double seen = 0, reconstruction = 0, kl = 0, seconds = 0;
  };
  const Sums& so_far() const { return so_far_; }
  double epochs() const { return so_far_.seen / static_cast<double>(learned_.count); }

  /// Two dimensions of the code to look at, by the nats of each: those that say most, but the same
  /// as before while no other says much more, for they must not flicker.
  std::array<elbo::Index, 2> show(const elbo::Vector<float>& nats);

  const Pictures& data;
  const elbo::Matrix<float> held;  ///< the pictures held out, as columns
  elbo::Vae<float> vae;
  /// Point after point: the epochs so far; reconstruction, KL and ELBO. While training: means over
  /// what was seen since the last point. Held out: over the pictures that are.
  Numbers curve, held_curve;

 private:
  void note(const elbo::Progress& now);
  void measure();
  void add_point(Numbers& to, double reconstruction, double kl) const;

  elbo::Adam<float> adam_;
  elbo::Threads threads_{1};
  elbo::Trainer<float, elbo::Vae> trainer_;
  const elbo::DataSource<float> learned_;
  const elbo::Matrix<float> eps_;
  Sums so_far_, at_epoch_, at_point_;
  long until_ = 0, next_point_ = 4;  // steps
  long points_ = 0;
  std::array<elbo::Index, 2> shown_ = {0, 1};
};

}  // namespace interactive
