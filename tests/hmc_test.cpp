// Hamiltonian Monte Carlo: the leapfrog against its closed form and by plain loops, Metropolis's
// rule by hand, and chains against the densities they should draw from.
#include "elbo/hmc.hpp"

#include "check.hpp"
#include "elbo/quadrature.hpp"
#include "elbo/random.hpp"
#include "elbo/statistics.hpp"

using namespace elbo;

namespace {

const Random numbers(81, Stream::play);

// log N(z; 0, diag(1, 1/4)), up to a constant.
RowVector<double> two_scales(const Matrix<double>& z, Matrix<double>& gradient) {
  gradient = z;
  gradient.row(0) *= -1.0;
  gradient.row(1) *= -4.0;
  return -0.5 * (z.row(0).array().square() + 4.0 * z.row(1).array().square());
}

// -z^4 / 4 + z: lopsided, not a normal.
double hill(double z) {
  return -0.25 * z * z * z * z + z;
}
RowVector<double> hills(const Matrix<double>& z, Matrix<double>& gradient) {
  gradient = 1.0 - z.array().cube();
  RowVector<double> value(z.cols());
  for (Index i = 0; i < z.cols(); ++i) value(i) = hill(z(0, i));
  return value;
}

}  // namespace

TEST_CASE("a leapfrog path by plain loops", "[hmc][eq:leapfrog]") {
  const double e = 0.3;
  double z = 0.4, p = -0.7;
  for (int step = 0; step < 5; ++step) {
    p += 0.5 * e * (1 - z * z * z);
    z += e * p;
    p += 0.5 * e * (1 - z * z * z);
  }
  Chains chains = start_chains(hills, Matrix<double>{{0.4, 1.0}});
  Matrix<double> momentum{{-0.7, 0.2}};
  leapfrog(hills, {.step_size = e, .steps = 5}, chains, momentum);
  CHECK_THAT(chains.z(0, 0), WithinAbs(z, 1e-14));
  CHECK_THAT(momentum(0, 0), WithinAbs(p, 1e-14));
  CHECK_THAT(chains.log_density(0), WithinAbs(hill(z), 1e-14));
}

TEST_CASE("a leapfrog path on a normal density is a rotation", "[hmc][eq:leapfrog]") {
  // cos t = 1 - e^2 / 2 s^2; the ellipse's other half axis is s / sqrt(1 - e^2 / 4 s^2).
  const Matrix<double> start{{0.9}, {-0.3}}, p{{0.5}, {1.1}};
  for (const int steps : {1, 2, 7, 30}) {
    Chains chains = start_chains(two_scales, start);
    Matrix<double> momentum = p;
    leapfrog(two_scales, {.step_size = 0.4, .steps = steps}, chains, momentum);
    for (Index r = 0; r < 2; ++r) {
      const double s = r == 0 ? 1.0 : 0.5, ratio = 0.4 / s;
      const double t = steps * std::acos(1 - 0.5 * ratio * ratio);
      const double radius = s / std::sqrt(1 - 0.25 * ratio * ratio);
      CHECK_THAT(chains.z(r, 0),
                 WithinAbs(start(r, 0) * std::cos(t) + radius * p(r, 0) * std::sin(t), 1e-12));
    }
  }
}

TEST_CASE("a leapfrog path leads back, and H errs by the square of the step",
          "[hmc][eq:leapfrog]") {
  const Matrix<double> start = numbers.normal<double>(1, 6), p = numbers.normal<double>(1, 6, 10);
  const auto worst_change = [&](double e, int steps) {
    Chains chains = start_chains(hills, start);
    const RowVector<double> before = -chains.log_density;
    Matrix<double> momentum = p;
    leapfrog(hills, {.step_size = e, .steps = steps}, chains, momentum);
    const RowVector<double> after = -chains.log_density;
    const double change =
        (after - before + 0.5 * (momentum.array().square() - p.array().square()).matrix())
            .cwiseAbs()
            .maxCoeff();
    momentum = -momentum;
    leapfrog(hills, {.step_size = e, .steps = steps}, chains, momentum);
    CHECK(max_difference(chains.z, start) < 1e-11);
    CHECK(max_difference(-momentum, p) < 1e-11);
    return change;
  };
  // Half the step, a quarter of the error; the next order spoils that by some per cent.
  const double ratio = worst_change(0.02, 50) / worst_change(0.01, 100);
  CHECK((ratio > 3.7 && ratio < 4.3));
}

TEST_CASE("Metropolis takes a move where u is below e^-(rise of H)", "[hmc][eq:metropolis]") {
  const Matrix<double> start{{0.4, 0.4, 0.4}}, eps = Matrix<double>::Constant(1, 3, 1.0);
  const HmcOptions options{.step_size = 0.9, .steps = 1};
  // The path by hand.
  double p = 1.0 + 0.45 * (1 - 0.064);
  const double z = 0.4 + 0.9 * p;
  p += 0.45 * (1 - z * z * z);
  const double accept = std::exp(hill(z) - 0.5 * p * p - hill(0.4) + 0.5);
  REQUIRE((accept > 1e-6 && accept < 0.9));

  Chains chains = start_chains(hills, start);
  const RowVector<double> u{{accept * 0.99, accept * 1.01, 0.99}};
  const RowVector<double> moved = hmc_move(hills, options, eps, u, chains);
  CHECK(moved == RowVector<double>{{1, 0, 0}});
  CHECK_THAT(chains.z(0, 0), WithinAbs(z, 1e-14));
  CHECK_THAT(chains.log_density(0), WithinAbs(hill(z), 1e-14));
  CHECK_THAT(chains.gradient(0, 0), WithinAbs(1 - z * z * z, 1e-12));
  CHECK((chains.z(0, 1) == 0.4 && chains.log_density(1) == hill(0.4)));

  // Without the rule every move is taken.
  HmcOptions loose = options;
  loose.metropolis = false;
  chains = start_chains(hills, start);
  CHECK(hmc_move(hills, loose, eps, u, chains).sum() == 3);
  CHECK_THAT(chains.z(0, 2), WithinAbs(z, 1e-14));
}

TEST_CASE("a path that leaves the numbers is not taken", "[hmc][eq:metropolis]") {
  const auto cliff = [](const Matrix<double>& z, Matrix<double>& gradient) {
    gradient = Matrix<double>::Zero(1, z.cols());
    RowVector<double> value(z.cols());
    for (Index i = 0; i < z.cols(); ++i) {
      value(i) = z(0, i) > 1 ? std::numeric_limits<double>::quiet_NaN() : 0.0;
    }
    return value;
  };
  Chains chains = start_chains(cliff, Matrix<double>{{0.5}});
  CHECK(hmc_move(cliff, {.step_size = 1, .steps = 1}, Matrix<double>{{3.0}},
                 RowVector<double>{{1e-9}}, chains)(0) == 0);
  CHECK(chains.z(0, 0) == 0.5);
}

TEST_CASE("chains draw from a density that is no normal", "[hmc][eq:metropolis]") {
  // Moments by quadrature; 64 chains that start in the density's middle are independent of each
  // other, so that their means have a plain standard error.
  const double mass = integrate([](double z) { return std::exp(hill(z)); }, -6, 6);
  const auto moment = [&](int power) {
    return integrate([&](double z) { return std::pow(z, power) * std::exp(hill(z)); }, -6, 6) /
           mass;
  };
  constexpr Index count = 64, moves = 600, warm_up = 50;
  // A step so long that a third of the moves is refused: taken all, they would fail below.
  const HmcOptions options{.step_size = 0.95, .steps = 2};
  Chains chains = start_chains(hills, Matrix<double>::Constant(1, count, 0.7));
  Matrix<double> sums = Matrix<double>::Zero(3, count);
  double taken = 0;
  for (Index move = -warm_up; move < moves; ++move) {
    const auto first = static_cast<std::uint64_t>(move + warm_up) * 2 * count;
    const Matrix<double> eps = numbers.normal<double>(1, count, 1000 + first);
    const RowVector<double> u = numbers.uniform<double>(1, count, (1 << 24) + first);
    taken += hmc_move(hills, options, eps, u, chains).mean() / (moves + warm_up);
    if (move < 0) continue;
    for (int power = 1; power <= 3; ++power) {
      sums.row(power - 1) += (chains.z.array().pow(power) / double(moves)).matrix();
    }
  }
  CHECK((taken > 0.4 && taken < 0.95));
  for (int power = 1; power <= 3; ++power) {
    MonteCarlo mean;
    for (Index c = 0; c < count; ++c) mean.add(sums(power - 1, c));
    INFO("moment " << power << ", taken " << taken);
    CHECK(mean.distance(moment(power)) < sigmas);
  }
}

TEST_CASE("hmc refuses wrong shapes", "[hmc][shape]") {
  Chains chains = start_chains(hills, Matrix<double>{{0.4, 1.0}});
  Matrix<double> momentum{{0.1}};
  CHECK(contains(refusal([&] { leapfrog(hills, {}, chains, momentum); }), "1 x 2, found 1 x 1"));
  CHECK(
      contains(refusal([&] {
                 hmc_move(hills, {}, Matrix<double>{{0.1, 0.2}}, RowVector<double>{{0.5}}, chains);
               }),
               "1 x 2, found 1 x 1"));
}
