#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>
#include <vector>

#include "teacher.hpp"

using Eigen::VectorXd;
using Program =
    std::function<double(const VectorXd& x, double mean, double log_variance, int draw)>;

double one_number_against_bugs(const Program& logged);

namespace {

/// Box and Muller, from a hash of where the number stands: the same on every machine.
struct Noise {
  std::uint64_t seed;
  double uniform(std::uint64_t at) const {
    std::uint64_t h = (at + 1) * 0x9E3779B97F4A7C15u + seed * 0xD1B54A32D192ED03u;
    h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9u;
    h = (h ^ (h >> 27)) * 0x94D049BB133111EBu;
    return (static_cast<double>((h ^ (h >> 31)) >> 11) + 0.5) / 9007199254740992.0;
  }
  double normal(std::uint64_t at) const {
    return std::sqrt(-2 * std::log(uniform(2 * at))) *
           std::cos(2 * std::numbers::pi * uniform(2 * at + 1));
  }
};

constexpr double log_two_pi = 1.8378770664093455;

double kl(double m, double variance) {
  return 0.5 * (variance + m * m - 1 - std::log(variance));
}

double log_pixels(const VectorXd& x, double z) {
  return -0.5 * ((x.array() - z).square().sum() + 4 * log_two_pi);
}

/// A program of one draw with its parts; each bug exchanges one of them.
struct OneDraw {
  std::function<double(const Noise&, std::uint64_t)> noise = &Noise::normal;
  std::function<double(double m, double v, double eps)> sample =
      [](double m, double v, double eps) { return m + std::sqrt(v) * eps; };
  std::function<double(double m, double v)> divergence = kl;
  std::function<double(const VectorXd&, double z)> score = log_pixels;

  Program with(std::uint64_t seed) const {
    return [part = *this, random = Noise{seed}](const VectorXd& x, double mean, double log_variance,
                                                int draw) {
      const double variance = std::exp(log_variance);
      const double eps = part.noise(random, static_cast<std::uint64_t>(draw));
      return part.score(x, part.sample(mean, variance, eps)) - part.divergence(mean, variance);
    };
  }
};

/// A program of five draws, from their log weights.
Program five(std::uint64_t seed, const std::function<double(const VectorXd& log_weights)>& bound) {
  return [=](const VectorXd& x, double mean, double log_variance, int draw) {
    VectorXd log_w(5);
    for (int j = 0; j < 5; ++j) {
      const double eps = Noise{seed}.normal(static_cast<std::uint64_t>(5 * draw + j));
      const double z = mean + std::exp(0.5 * log_variance) * eps;
      log_w(j) = log_pixels(x, z) - 0.5 * z * z + 0.5 * eps * eps + 0.5 * log_variance;
    }
    return bound(log_w);
  };
}

double log_mean_exp(const VectorXd& a) {
  return a.maxCoeff() + std::log((a.array() - a.maxCoeff()).exp().mean());
}

std::vector<Program> bugs() {
  OneDraw mean_reduction, half_missing, kl_sign, kl_direction, log_scale, noise_scale, uniform,
      z_is_mean, mse, kl_of_log_scale, root_twice;
  mean_reduction.score = [](const VectorXd& x, double z) { return log_pixels(x, z) / 4; };
  half_missing.divergence = [](double m, double v) { return 2 * kl(m, v); };
  kl_sign.divergence = [](double m, double v) { return -kl(m, v); };
  kl_direction.divergence = [](double m, double v) {
    return 0.5 * ((1 + m * m) / v - 1 + std::log(v));
  };
  log_scale.sample = [](double m, double v, double eps) { return m + v * eps; };
  noise_scale.noise = [](const Noise& n, std::uint64_t i) { return 0.01 * n.normal(i); };
  uniform.noise = &Noise::uniform;
  z_is_mean.sample = [](double m, double, double) { return m; };
  mse.score = [](const VectorXd& x, double z) { return -(x.array() - z).square().sum(); };
  kl_of_log_scale.divergence = [](double m, double v) { return kl(m, v * v); };
  root_twice.sample = [](double m, double v, double eps) { return m + std::pow(v, 0.25) * eps; };
  const auto moved = [](double by) {
    return [by](const VectorXd& log_w) { return log_mean_exp(log_w) + by; };
  };
  return {mean_reduction.with(11),
          half_missing.with(12),
          kl_sign.with(13),
          kl_direction.with(14),
          log_scale.with(15),
          noise_scale.with(16),
          uniform.with(17),
          z_is_mean.with(18),
          mse.with(19),
          kl_of_log_scale.with(20),
          root_twice.with(21),
          five(22, [](const VectorXd& log_w) { return log_w.mean(); }),
          five(23, moved(std::log(5.0))),    // a sum for the mean
          five(24, moved(-std::log(5.0)))};  // divided by k twice
}

}  // namespace

TEST_CASE("the diagnostic") {
  const double one = std::max(one_number_against_bugs(OneDraw{}.with(1)),
                              one_number_against_bugs(OneDraw{}.with(2)));
  const double several = std::max(one_number_against_bugs(five(3, log_mean_exp)),
                                  one_number_against_bugs(five(4, log_mean_exp)));
  teacher::expect_that("a number for right programs", std::isfinite(one) && std::isfinite(several),
                       "Not a number: is anything written yet?");
  teacher::expect_that("one sample or five, right is right", several <= 3 * one + 1e-3,
                       "A right program of five samples stands out from those of one. Its bound is "
                       "higher, and no bug: where are the two bounds the same?");
  const double threshold = 3 * std::max(one, several);
  int caught = 0, below = 0;
  for (const Program& bug : bugs()) {
    const double number = one_number_against_bugs(bug);
    caught += number > threshold, below += number < 0;
  }
  teacher::expect_that("no number is negative", one >= 0 && several >= 0 && below == 0,
                       "A number is negative: is a log that is too low no symptom?");
  teacher::score_at_least("bugs caught, of 14", caught, 12);
}
