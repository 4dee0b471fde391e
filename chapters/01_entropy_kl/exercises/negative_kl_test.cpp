#include <cmath>
#include <numbers>
#include <random>

#include "teacher.hpp"

using Eigen::VectorXd;

double estimated_kl(double q_mean, double q_scale, double p_mean, double p_scale,
                    const VectorXd& noise);

namespace {

constexpr int draws = 100000;

struct Normal {
  double mean, scale;

  double density(double x) const {
    const double t = (x - mean) / scale;
    return std::exp(-t * t / 2) / (scale * std::sqrt(2 * std::numbers::pi));
  }
};

/// The integral of drawn(x) f(q(x) / p(x)), by the midpoint rule.
double average(Normal drawn, Normal q, Normal p, auto f) {
  double sum = 0;
  const double step = drawn.scale / 100;
  for (double x = drawn.mean - 10 * drawn.scale; x < drawn.mean + 10 * drawn.scale; x += step) {
    sum += drawn.density(x) * f(q.density(x) / p.density(x)) * step;
  }
  return sum;
}

VectorXd standard_normal_noise() {
  std::mt19937_64 bits(1);
  const auto uniform = [&] { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; };
  VectorXd noise(draws);
  for (double& e : noise) {  // Box and Muller
    const double radius = std::sqrt(-2 * std::log(uniform()));
    e = radius * std::cos(2 * std::numbers::pi * uniform());
  }
  return noise;
}

void pair(const std::string& where, Normal q, Normal p) {
  const auto k1 = [](double ratio) { return std::log(ratio); };
  const double right = average(q, q, p, k1), minus_the_other = average(p, q, p, k1);
  const auto off = [&](double ratio) { return std::pow(std::log(ratio) - right, 2); };
  const double standard_error = std::sqrt(average(q, q, p, off) / draws);
  const auto size = [](double ratio) { return std::abs(std::log(ratio)); };
  const auto k2 = [](double ratio) { return std::pow(std::log(ratio), 2) / 2; };
  const auto k3 = [](double ratio) { return 1 / ratio - 1 + std::log(ratio); };
  // Tolerance: five standard errors, the luck of the draws.
  teacher::expect(
      where + ", 100000 draws",
      estimated_kl(q.mean, q.scale, p.mean, p.scale, standard_normal_noise()), right,
      5 * standard_error,
      {{minus_the_other,
        "Below zero. The proof that KL never is (eq:kl-nonnegative) begins with an average: over "
        "whom? What does this program keep of that?"},
       {-minus_the_other,
        "Positive now, and it is KL(p || q): the sign was the symptom. Whose draws are these?"},
       {average(p, q, p, size),
        "No term is negative any more, and the average is no divergence: k1 must be free to be "
        "negative here and there."},
       {0, "Cut off at 0, it is 0 for every pair: the alarm is off and the fire is not out."},
       {average(p, q, p, k3), "That is k3, and k3 is right on average only over draws from q."},
       {average({q.mean, p.scale}, q, p, k1),
        "The draws have the mean of one normal and the scale of the other."},
       {average(q, q, p, k2), "That is k2, which aims beside the divergence: it is biased."}});
}

}  // namespace

TEST_CASE("equal scales") {
  pair("q = N(0, 1), p = N(1, 1)", {0, 1}, {1, 1});
}

TEST_CASE("different scales") {
  pair("q = N(0, 1), p = N(1, 0.8^2)", {0, 1}, {1, 0.8});
  pair("q = N(-0.5, 1.5^2), p = N(1, 1)", {-0.5, 1.5}, {1, 1});
}

TEST_CASE("as the question says", "[.told]") {
  teacher::told("-0.5", estimated_kl(0, 1, 1, 1, standard_normal_noise()));
}
