#include "sampling.hpp"

#include <algorithm>

#include "elbo/random.hpp"

namespace chapter {

using elbo::DiagonalNormal;
using elbo::Index;
using elbo::Matrix;
using elbo::Random;
using elbo::RowVector;
using elbo::Stream;

namespace {

constexpr Index width = 256;  // points of a task: few enough to stay in a core's cache

int tasks(Index n) {
  return static_cast<int>((n + width - 1) / width);
}

// Numbers for the columns from `first` on of a matrix that nobody ever makes whole.
Matrix<float> noise(const Random& random, Index rows, Index first, Index cols) {
  return random.normal<float>(rows, cols, static_cast<std::uint64_t>(first * rows));
}

}  // namespace

// [ancestral]
std::vector<Matrix<float>> Ancestral::paths(Index n, const std::vector<int>& shown,
                                            elbo::Threads& threads) const {
  const Index dimension = denoiser.options().dimension;
  std::vector<Matrix<float>> frames(shown.size(), Matrix<float>(dimension, n));
  threads.run(tasks(n), [&](int task) {
    const Index first = task * width, cols = std::min(width, n - first);
    Matrix<float> x = noise(Random(seed, Stream::prior), dimension, first, cols);
    for (int t = chain.steps();; --t) {
      for (std::size_t k = 0; k < shown.size(); ++k) {
        if (shown[k] == t) frames[k].middleCols(first, cols) = x;
      }
      if (t == 0) break;
      const Matrix<float> eps_hat = denoiser.predict_noise(x, chain.schedule(), t);
      const DiagonalNormal<float> p = chain.reverse(x, eps_hat, t);
      const Random draw(seed, Stream::prior, static_cast<std::uint64_t>(t));
      x = t > 1 || last_draw ? p.rsample(noise(draw, dimension, first, cols)) : p.mean;
    }
  });
  return frames;
}
// [ancestral]

// [bound]
Bound bound_of(const elbo::Denoiser<float>& denoiser, const elbo::Diffusion& chain,
               const Matrix<float>& x, std::uint64_t seed, elbo::Threads& threads) {
  const Index n = x.cols();
  const int last = chain.steps();
  Matrix<double> loss(last + 1, n);  // L_0 .. L_T of every sample
  threads.run(tasks(n), [&](int task) {
    const Index first = task * width, cols = std::min(width, n - first);
    const Matrix<float> here = x.middleCols(first, cols);
    for (int t = 1; t <= last; ++t) {
      const Random random(seed, Stream::evaluation, static_cast<std::uint64_t>(t));
      const Matrix<float> eps = noise(random, x.rows(), first, cols);
      const Matrix<float> xt = chain.schedule().forward(here, t).rsample(eps);
      const Matrix<float> eps_hat = denoiser.predict_noise(xt, chain.schedule(), t);
      loss.row(t - 1).segment(first, cols) = chain.step_loss(eps, eps_hat, t).cast<double>();
    }
    loss.row(last).segment(first, cols) = chain.prior_loss(here).cast<double>();
  });
  Bound bound;
  for (Index i = 0; i < n; ++i) bound.elbo.push_back(-loss.col(i).sum());
  for (int t = 0; t <= last; ++t) bound.term.push_back(loss.row(t).mean());
  return bound;
}
// [bound]

}  // namespace chapter
