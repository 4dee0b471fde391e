#include "training_session.hpp"

#include <algorithm>
#include <utility>

#include "elbo/random.hpp"

namespace interactive {
namespace {

using elbo::Index;
using elbo::Random;
using elbo::Stream;

constexpr Index hidden = 128, batch = 64;  // a telephone can do it
constexpr double learning_rate = 2e-3;
constexpr int for_ever = 1 << 30;  // epochs

elbo::TrainingOptions options(const Wish& wish) {
  return {.epochs = for_ever, .batch = batch, .weights = {.kl = wish.beta}, .seed = wish.seed};
}

struct Enough {};  // thrown to stop the trainer between two steps

}  // namespace

Session::Session(const Wish& wish)
    : data(pictures(wish.origin)),
      held(data.held()),
      vae({.pixels = data.images.dimension(), .hidden = {hidden}, .latent = wish.latent},
          wish.seed),
      adam_(vae.parameters.size(), {.learning_rate = learning_rate}),
      trainer_(vae, adam_, options(wish), threads_),
      learned_(data.learned()),
      eps_(Random(wish.seed, Stream::evaluation).normal<float>(wish.latent, held.cols())) {
  measure();
}

void Session::train(long steps) {
  until_ = trainer_.progress.steps + steps;
  try {
    trainer_.train(
        learned_, [this](const elbo::Epoch&) { at_epoch_ = so_far_; },
        [this](const elbo::Progress& now) { note(now); });
  } catch (Enough) {
  }
}

std::array<Index, 2> Session::show(const elbo::Vector<float>& nats) {
  for (int round = 0; round < 2; ++round) {
    Index& worse = nats(shown_[0]) < nats(shown_[1]) ? shown_[0] : shown_[1];
    for (Index i = 0; i < nats.size(); ++i) {
      if (i != shown_[0] && i != shown_[1] && nats(i) > 1.25F * nats(worse)) worse = i;
    }
  }
  if (shown_[0] > shown_[1]) std::swap(shown_[0], shown_[1]);
  return shown_;
}

// The trainer counts from the epoch's beginning, the instrument from training's.
void Session::note(const elbo::Progress& now) {
  so_far_ = {now.steps, at_epoch_.seen + static_cast<double>(now.position),
             at_epoch_.reconstruction + now.reconstruction, at_epoch_.kl + now.kl,
             at_epoch_.seconds + now.seconds};
  if (now.steps >= next_point_) {
    const double n = so_far_.seen - at_point_.seen;
    add_point(curve, (so_far_.reconstruction - at_point_.reconstruction) / n,
              (so_far_.kl - at_point_.kl) / n);
    at_point_ = so_far_;
    // Ever farther apart: the curve is steep at first, and must not grow without end.
    next_point_ = now.steps + std::max(4L, now.steps / 50);
    if (++points_ % 4 == 0) measure();
  }
  if (now.steps >= until_) throw Enough();
}

void Session::measure() {
  const elbo::ElboTerms<float> terms = vae.elbo(held, eps_);
  add_point(held_curve, static_cast<double>(terms.reconstruction.mean()),
            static_cast<double>(terms.kl.mean()));
}

void Session::add_point(Numbers& to, double reconstruction, double kl) const {
  to.insert(to.end(), {epochs(), reconstruction, kl, reconstruction - kl});
}

}  // namespace interactive
