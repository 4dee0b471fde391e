// The variational autoencoder once more, by plain loops: the oracle of elbo/vae.hpp. It shares the
// order of the parameters with the library, and nothing else.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "check.hpp"
#include "elbo/random.hpp"
#include "elbo/vae.hpp"

namespace elbo {

struct NaiveVae {
  VaeOptions options;
  Vector<double> parameters;
  /// The smallest |input| of any activation so far: a kink must not be within a finite difference.
  mutable double kink = 1e300;

  using Numbers = std::vector<double>;

  // A network whose first parameter is number `at`; `at` moves behind its last.
  Numbers network(const std::vector<Index>& widths, Numbers x, Index& at) const {
    for (std::size_t l = 1; l < widths.size(); ++l) {
      const Index in = widths[l - 1], out = widths[l];
      Numbers y;
      for (Index r = 0; r < out; ++r) {
        double sum = parameters(at + in * out + r);
        for (Index c = 0; c < in; ++c) {
          sum += parameters(at + c * out + r) * x[static_cast<std::size_t>(c)];
        }
        if (l + 1 < widths.size()) {
          kink = std::min(kink, std::abs(sum));
          sum = options.activation == Activation::tanh ? std::tanh(sum) : std::max(sum, 0.0);
        }
        y.push_back(sum);
      }
      at += (in + 1) * out;
      x = y;
    }
    return x;
  }

  std::vector<Index> encoder_widths() const {
    std::vector<Index> widths = {options.pixels};
    widths.insert(widths.end(), options.hidden.begin(), options.hidden.end());
    widths.push_back(2 * options.latent);
    return widths;
  }
  std::vector<Index> decoder_widths() const {
    std::vector<Index> widths = {options.latent};
    widths.insert(widths.end(), options.hidden.rbegin(), options.hidden.rend());
    widths.push_back(options.pixels);
    return widths;
  }

  /// Means, then log-variances.
  Numbers encode(const Numbers& x) const {
    Index at = 0;
    return network(encoder_widths(), x, at);
  }

  Numbers decode(const Numbers& z) const {
    Index at = 0;
    const std::vector<Index> encoder = encoder_widths();
    for (std::size_t l = 1; l < encoder.size(); ++l) at += (encoder[l - 1] + 1) * encoder[l];
    return network(decoder_widths(), z, at);
  }

  double log_likelihood(const Numbers& x, const Numbers& z) const {
    const Numbers eta = decode(z);
    const double v = options.likelihood == Likelihood::gaussian_learned
                         ? parameters(parameters.size() - 1)
                         : 0.0;
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (options.likelihood == Likelihood::bernoulli) {
        const long double logit = eta[i];  // a range that takes e^logit
        sum -= static_cast<double>(x[i] * std::log(1.0L + std::exp(-logit)) +
                                   (1.0L - x[i]) * std::log(1.0L + std::exp(logit)));
      } else {
        sum -= 0.5 * (log_2pi + v + (x[i] - eta[i]) * (x[i] - eta[i]) / std::exp(v));
      }
    }
    return sum;
  }

  Numbers sample(const Numbers& code, const Numbers& eps) const {
    const std::size_t d = eps.size();
    Numbers z(d);
    for (std::size_t i = 0; i < d; ++i) z[i] = code[i] + std::sqrt(std::exp(code[d + i])) * eps[i];
    return z;
  }

  double reconstruction(const Numbers& x, const Numbers& eps) const {
    return log_likelihood(x, sample(encode(x), eps));
  }

  double kl(const Numbers& x) const {
    const Numbers code = encode(x);
    double sum = 0;
    for (std::size_t i = 0, d = code.size() / 2; i < d; ++i) {
      sum += 0.5 * (std::exp(code[d + i]) + code[i] * code[i] - 1.0 - code[d + i]);
    }
    return sum;
  }

  double log_weight(const Numbers& x, const Numbers& eps) const {
    const Numbers code = encode(x), z = sample(code, eps);
    double sum = log_likelihood(x, z);
    for (std::size_t i = 0, d = z.size(); i < d; ++i) {
      sum += -0.5 * z[i] * z[i] + 0.5 * code[d + i] + 0.5 * eps[i] * eps[i];
    }
    return sum;
  }
};

inline std::vector<double> numbers_of(const Matrix<double>& m, Index column) {
  const double* first = m.data() + column * m.rows();
  return {first, first + m.rows()};
}

/// A VAE whose parameters are all away from where they start: biases and log-variance too.
inline Vae<double> random_vae(const VaeOptions& options, std::uint64_t seed, double size = 0.5) {
  Vae<double> vae(options, seed);
  vae.parameters = size * Random(seed, Stream::play).normal<double>(vae.parameters.size(), 1);
  return vae;
}

inline NaiveVae naive(const Vae<double>& vae) {
  return {vae.options(), vae.parameters};
}

}  // namespace elbo
