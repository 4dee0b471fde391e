// Chapter 3, section 2: f is a small network, so nobody knows the gradient of E f(z). Finite
// differences do, when both sides see the same noise.
#include "elbo/layers.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Vector;

// f: R^4 -> R, a network with 16 tanh units, and z ~ N(mean, exp(log_variance)).
struct Problem {
  static constexpr Index d = 4;

  explicit Problem(std::uint64_t seed)
      : network(layout, "f", {d, 16, 1}, elbo::Activation::tanh), weights(layout.size()) {
    network.initialise(weights, elbo::Random(seed, elbo::Stream::parameters));
    weights *= 2.0;
  }

  Matrix<double> sample(const Vector<double>& at, const Matrix<double>& eps) const {
    const Vector<double> scale = (0.5 * at.tail(d).array()).exp();
    return (scale.asDiagonal() * eps).colwise() + Vector<double>(at.head(d));
  }

  Matrix<double> f(const Matrix<double>& z) const {
    std::vector<Matrix<double>> outputs;
    network.forward(weights, z, outputs);
    return outputs.back();
  }

  // [pathwise]
  // df/dz by backpropagation, times dz/dmean = 1 and dz/dlog_variance = scale eps / 2: 2d x n.
  Matrix<double> pathwise(const Vector<double>& at, const Matrix<double>& eps) const {
    const Matrix<double> z = sample(at, eps);
    std::vector<Matrix<double>> outputs;
    network.forward(weights, z, outputs);
    std::vector<Matrix<double>> errors(outputs.size());
    errors.back() = Matrix<double>::Ones(1, z.cols());
    Matrix<double> dz;
    network.backward(weights, outputs, errors, &dz);

    Matrix<double> gradient(2 * d, z.cols());
    const Vector<double> half_scale = 0.5 * (0.5 * at.tail(d).array()).exp();
    gradient << dz, half_scale.asDiagonal() * dz.cwiseProduct(eps);
    return gradient;
  }
  // [pathwise]

  // [score]
  // f(z) - b times dlog q/dmean = eps / scale and dlog q/dlog_variance = (eps^2 - 1) / 2: 2d x n.
  Matrix<double> score(const Vector<double>& at, const Matrix<double>& eps, double baseline) const {
    const Vector<double> precision = (-0.5 * at.tail(d).array()).exp();
    Matrix<double> gradient(2 * d, eps.cols());
    gradient << precision.asDiagonal() * eps, 0.5 * (eps.array().square() - 1.0).matrix();
    const elbo::RowVector<double> advantage = f(sample(at, eps)).array() - baseline;
    return gradient * advantage.asDiagonal();
  }
  // [score]

  elbo::Layout layout;
  elbo::Mlp network;
  Vector<double> weights;
};

}  // namespace

void through_a_network(elbo::Report& report, std::uint64_t seed, bool quick) {
  const Problem problem(seed);
  const elbo::Random random(seed, elbo::Stream::play, 1000);
  const Vector<double> at{{0.4, -0.7, 0.1, 0.9, -0.5, 0.2, -1.0, 0.3}};  // mean, log-variance
  const Index n = quick ? 20000 : 200000;
  const Matrix<double> eps = random.normal<double>(Problem::d, n);

  // The same draws moved a little: a difference quotient of the average itself.
  Vector<double> differences(at.size());
  for (Index i = 0; i < at.size(); ++i) {
    constexpr double h = 1e-5;  // error h^2 from the quotient, 1e-16 / h from rounding
    Vector<double> up = at, down = at;
    up(i) += h, down(i) -= h;
    differences(i) =
        (problem.f(problem.sample(up, eps)).mean() - problem.f(problem.sample(down, eps)).mean()) /
        (2 * h);
  }
  const Matrix<double> path = problem.pathwise(at, eps);
  const Vector<double> path_mean = path.rowwise().mean();
  report.claim("eq:pathwise-network",
               "largest |pathwise - difference quotient with the same noise|, 8 coordinates", 0,
               (path_mean - differences).cwiseAbs().maxCoeff(), 1e-8);

  // The score function never looks inside f, and agrees: here with noise of its own.
  const Matrix<double> fresh =
      random.normal<double>(Problem::d, n, static_cast<std::uint64_t>(2 * eps.size()));
  const double baseline = problem.f(problem.sample(at, eps)).mean();
  const Matrix<double> score = problem.score(at, fresh, baseline);
  double worst = 0, ratio = 0;
  for (Index i = 0; i < at.size(); ++i) {
    const Average a({path.row(i).begin(), path.row(i).end()});
    const Average b({score.row(i).begin(), score.row(i).end()});
    worst =
        std::max(worst, std::abs(a.mean - b.mean) / std::hypot(a.standard_error, b.standard_error));
    ratio += std::pow(b.standard_error / a.standard_error, 2) / static_cast<double>(at.size());
  }
  report.claim_at_most("eq:score-function-network",
                       "score and pathwise means differ by at most 4.5 joint standard errors", 4.5,
                       worst);
  report.result("network_variance_ratio", ratio);

  // The log-variance alone, where the answer is known: d/dv E z^2 = e^v.
  const double v = -0.6, s2 = std::exp(v);
  std::vector<double> by_path, by_score;
  for (const double e : eps.row(0)) {
    const double z = 0.7 + std::sqrt(s2) * e;
    by_path.push_back(2 * z * 0.5 * std::sqrt(s2) * e);
    by_score.push_back(z * z * 0.5 * (e * e - 1));
  }
  const Average path_v(by_path), score_v(by_score);
  report.claim("eq:pathwise-log-variance", "d/dv E z^2 = e^v, pathwise, 5 standard errors", s2,
               path_v.mean, 5 * path_v.standard_error);
  report.claim("eq:score-function-log-variance", "and by the score function", s2, score_v.mean,
               5 * score_v.standard_error);
}

}  // namespace chapter
