// Chapter 7: how each inference is done.
#include "inference.hpp"

#include <algorithm>
#include <cmath>

#include "elbo/adam.hpp"
#include "elbo/random.hpp"

namespace chapter {

using elbo::Index;
using elbo::Matrix;
using elbo::RowVector;
using elbo::Vae;
using elbo::Vector;

Matrix<float> Grid::row(Index number) const {
  Matrix<float> z(2, side);
  for (Index i = 0; i < side; ++i) z.col(i) << at(i), at(number);
  return z;
}

namespace {

// What black and white pixels of log p(x | z) = x' logits - sum softplus(logits) share, plus log
// p(z): a number for each code.
RowVector<float> of_the_code(const Matrix<float>& z, const Matrix<float>& logits) {
  const RowVector<float> softplus =
      (logits.array().max(0.0f) + (-logits.array().abs()).exp().log1p()).colwise().sum();
  return elbo::DiagonalNormal<float>::standard(z.rows(), z.cols()).log_prob(z) - softplus;
}

}  // namespace

// [log-joint]
Matrix<double> log_joint(const Vae<float>& vae, const Matrix<float>& x, const Matrix<float>& z) {
  const Matrix<float> logits = vae.decode(z);
  Matrix<float> both(x.cols(), z.cols());
  elbo::multiply<float>(x.transpose(), logits, both.data());
  return (both.rowwise() + of_the_code(z, logits)).cast<double>();
}
// [log-joint]

namespace {

// Sums of weights that are known by their logarithms, and of the code under them.
struct Moments {
  double log_sum = -1e300;
  Eigen::Vector2d mean{0, 0};
  Eigen::Vector3d square{0, 0, 0};  // E[z1 z1], E[z1 z2], E[z2 z2], not centred

  // Two parts become one: each counts by its share of the weight.
  void add(const Moments& other) {
    const double largest = std::max(log_sum, other.log_sum);
    const double total =
        largest + std::log(std::exp(log_sum - largest) + std::exp(other.log_sum - largest));
    const double mine = std::exp(log_sum - total), its = std::exp(other.log_sum - total);
    mean = mine * mean + its * other.mean;
    square = mine * square + its * other.square;
    log_sum = total;
  }
};

}  // namespace

// [quadrature]
Posterior by_quadrature(const Run& run, const Vae<float>& vae, const Matrix<float>& x, Grid grid) {
  const auto n = static_cast<std::size_t>(x.cols());
  const auto rows = static_cast<std::size_t>(grid.side);
  std::vector<Moments> fine(n * rows), coarse(n * rows);
  run.threads.run(static_cast<int>(grid.side), [&](int row) {
    const Matrix<float> z = grid.row(row);
    const Matrix<double> joint = log_joint(vae, x, z);
    for (std::size_t i = 0; i < n; ++i) {
      const auto line = joint.row(static_cast<Index>(i));
      const double largest = line.maxCoeff();
      Moments& all = fine[i * rows + static_cast<std::size_t>(row)];
      double sum = 0, every_second = 0;
      for (Index j = 0; j < grid.side; ++j) {
        const double weight = std::exp(line(j) - largest), a = z(0, j), b = z(1, j);
        sum += weight;
        if (j % 2 == 0) every_second += weight;
        all.mean += weight * Eigen::Vector2d(a, b);
        all.square += weight * Eigen::Vector3d(a * a, a * b, b * b);
      }
      all.mean /= sum;
      all.square /= sum;
      all.log_sum = largest + std::log(sum);
      if (row % 2 == 0 && every_second > 0) {
        coarse[i * rows + static_cast<std::size_t>(row)].log_sum = largest + std::log(every_second);
      }
    }
  });

  // The rows together, in their order; a cell has the area spacing^2.
  const double cell = 2 * std::log(grid.spacing());
  Posterior result{RowVector<double>(x.cols()), RowVector<double>(x.cols()),
                   Matrix<double>(2, x.cols()), Matrix<double>(3, x.cols())};
  for (std::size_t i = 0; i < n; ++i) {
    Moments sum, half;
    for (std::size_t row = 0; row < rows; ++row) {
      sum.add(fine[i * rows + row]);
      if (row % 2 == 0) half.add(coarse[i * rows + row]);
    }
    const auto at = static_cast<Index>(i);
    result.log_evidence(at) = sum.log_sum + cell;
    result.coarse(at) = half.log_sum + cell + 2 * std::log(2.0);
    result.mean.col(at) = sum.mean;
    const double a = sum.mean(0), b = sum.mean(1);
    result.moments.col(at) = sum.square - Eigen::Vector3d(a * a, a * b, b * b);
  }
  return result;
}
// [quadrature]

Matrix<float> encode(const Vae<float>& vae, const Matrix<float>& x) {
  const elbo::DiagonalNormal<float> q = vae.encode(x);
  Matrix<float> phi(2 * q.mean.rows(), x.cols());
  phi << q.mean, q.log_variance;
  return phi;
}

namespace {

// Images are worked on a few at a time: the result of a task depends on its images alone.
template <class Task>
void by_few(const Run& run, Index n, Index few, const Task& task) {
  run.threads.run(static_cast<int>((n + few - 1) / few), [&](int number) {
    const Index first = number * few;
    task(first, std::min(few, n - first));
  });
}

}  // namespace

// [elbo-by-quadrature]
RowVector<double> elbo_of(const Run& run, const Vae<float>& vae, const Matrix<float>& x,
                          const Family& family, const Matrix<float>& phi) {
  // E[f(eps)] = sum of f times the normal density over the points -5, -4, ..., 5 each way. A
  // spacing of one scale gives 8 digits for a smooth f (quadrature.hpp).
  constexpr int reach = 5, side = 2 * reach + 1;
  RowVector<double> bound(x.cols());
  by_few(run, x.cols(), 2, [&](Index first, Index n) {
    const Matrix<float> here = phi.middleCols(first, n), pictures = x.middleCols(first, n);
    Matrix<float> eps(2, n * side * side);
    RowVector<double> weight(side * side);
    for (int point = 0; point < side * side; ++point) {
      const Eigen::Vector2d e(point % side - reach, point / side - reach);
      weight(point) = std::exp(-0.5 * e.squaredNorm()) / (2 * M_PI);
      eps.middleCols(point * n, n).colwise() = e.cast<float>();
    }
    weight /= weight.sum();
    const Matrix<float> z = family.rsample(here, eps);
    const Matrix<float> logits = vae.decode(z);
    const RowVector<float> common = of_the_code(z, logits);
    RowVector<double> sum = family.entropy(here).cast<double>();
    for (Index j = 0; j < z.cols(); ++j) {
      const float log_p = pictures.col(j % n).dot(logits.col(j)) + common(j);
      sum(j % n) += weight(j / n) * static_cast<double>(log_p);
    }
    bound.segment(first, n) = sum;
  });
  return bound;
}
// [elbo-by-quadrature]

// [climb]
Climbed climb(const Run& run, const Vae<float>& vae, const Matrix<float>& x, const Family& family,
              const Matrix<float>& phi, const Climb& how) {
  Climbed result{phi, std::vector<Matrix<float>>(how.stops.size(), phi)};
  by_few(run, x.cols(), 16, [&](Index first, Index n) {
    const Matrix<float> pictures = x.middleCols(first, n).replicate(1, how.draws);
    const auto log_joint = [&](const Matrix<float>& z, Matrix<float>& dz) {
      return vae.log_joint_gradient(pictures, z, dz);
    };
    // Adam's rule goes number by number: one Adam, and still every image climbs alone.
    Matrix<float> here = phi.middleCols(first, n), uphill;
    Vector<float> numbers = here.reshaped();
    elbo::Adam<float> adam(numbers.size(), {.learning_rate = how.learning_rate});
    for (int step = 0; step < how.steps; ++step) {
      for (std::size_t stop = 0; stop < how.stops.size(); ++stop) {
        if (how.stops[stop] == step) result.at_stops[stop].middleCols(first, n) = here;
      }
      const elbo::Random random(run.seed, elbo::Stream::play,
                                how.substream << 32 | static_cast<std::uint64_t>(step));
      const auto offset = static_cast<std::uint64_t>(first * how.draws * 2);
      const Matrix<float> eps = random.normal<float>(2, n * how.draws, offset);
      elbo_gradient(family, log_joint, here, eps, uphill);
      adam.begin_step(0.5 + 0.5 * std::cos(M_PI * step / how.steps));
      adam.update(numbers, uphill.reshaped(), -1.0f);
      here = numbers.reshaped(here.rows(), here.cols());
    }
    result.phi.middleCols(first, n) = here;
  });
  return result;
}
// [climb]

Matrix<float> best_of_prior(const Run& run, const Vae<float>& vae, const Matrix<float>& x,
                            const Family& family, Index tries, double scale) {
  const Matrix<float> z = elbo::Random(run.seed, elbo::Stream::prior, 7).normal<float>(2, tries);
  const Matrix<double> joint = log_joint(vae, x, z);
  Matrix<float> phi = Matrix<float>::Zero(family.size(), x.cols());
  for (Index i = 0; i < x.cols(); ++i) {
    Index best = 0;
    joint.row(i).maxCoeff(&best);
    phi.col(i).head(2) = z.col(best);
    phi.col(i).segment(2, 2).setConstant(static_cast<float>(2 * std::log(scale)));
  }
  return phi;
}

}  // namespace chapter
