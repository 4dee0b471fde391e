// Chapter 8, section 2: the price. As k grows the bound forgets which q it was made with, and the
// encoder's gradient drowns in its own noise (Rainforth et al. 2018, "Tighter variational bounds
// are not necessarily better", theorem 1).
#include <algorithm>
#include <cmath>

#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Index;
using elbo::Matrix;
using elbo::Vae;
using elbo::Vector;

// A linear VAE near its optimum, where training spends most of its time: the exact posterior, its
// variance half as much again, then the encoder's means and the decoder shaken a little. (A q that
// is too narrow gives weights without a variance, and the theorem has nothing to say of them.)
Vae<double> near_the_optimum(std::uint64_t seed, Index dimension, Index d) {
  Vae<double> vae(
      {.pixels = dimension, .hidden = {}, .latent = d, .likelihood = elbo::Likelihood::gaussian},
      seed);
  const elbo::Random random(seed, elbo::Stream::play, 1);
  vae.parameters = 0.04 * random.normal<double>(vae.parameters.size(), 1);
  // W has d columns of length sqrt 2 along the axes, so the posterior is diagonal: W'x / 3, 1/3.
  for (const auto& [name, slice] : vae.layout().slices()) {
    Eigen::Map<Matrix<double>> block = slice.in(vae.parameters);
    if (name == "encoder.0.weight") block.bottomRows(d).setZero();
    if (name == "encoder.0.bias") block.bottomRows(d).setConstant(std::log(1.5 / 3));
    for (Index j = 0; j < d; ++j) {
      if (name == "decoder.0.weight") block(j, j) += std::sqrt(2.0);
      if (name == "encoder.0.weight") block(j, j) += std::sqrt(2.0) / 3;
    }
  }
  return vae;
}

// [signal-to-noise]
// |E g|^2 and trace Cov g over many gradients g of one image. The square of the mean is estimated
// from pairs of different gradients, so that noise alone does not look like signal.
struct Power {
  double signal = 0, noise = 0;
};
class Accumulated {
 public:
  void add(const Vector<double>& g) {
    if (count_ == 0) sum_ = Vector<double>::Zero(g.size());
    sum_ += g, squares_ += g.squaredNorm(), ++count_;
  }
  Power power() const {
    const double pairs = count_ * (count_ - 1), whole = sum_.squaredNorm();
    return {(whole - squares_) / pairs, (count_ * squares_ - whole) / pairs};
  }

 private:
  Vector<double> sum_;
  double squares_ = 0, count_ = 0;
};
// [signal-to-noise]

struct Ratio {
  double encoder = 0, decoder = 0;
};

// The square root of signal over noise, both summed over the images.
double ratio_of(const std::vector<Power>& of_image) {
  Power sum;
  for (const Power& p : of_image) sum.signal += p.signal, sum.noise += p.noise;
  return std::sqrt(std::max(sum.signal, 0.0) / sum.noise);
}

Ratio ratio_at(const Run& run, const Vae<double>& vae, const Matrix<double>& x, Index k,
               int repeats) {
  Index encoder_size = 0;  // the decoder stands behind it
  for (const auto& [name, slice] : vae.layout().slices()) {
    if (name == "decoder.0.weight") encoder_size = slice.offset;
  }
  std::vector<Power> encoder(static_cast<std::size_t>(x.cols())), decoder = encoder;
  run.threads.run(static_cast<int>(x.cols()), [&](int i) {
    const auto substream = static_cast<std::uint64_t>(k) << 32 | static_cast<std::uint64_t>(i);
    const elbo::Random random(run.seed(), elbo::Stream::noise, substream);
    const Matrix<double> image = x.col(i);
    Vae<double>::Workspace w;
    Accumulated of_encoder, of_decoder;
    for (int r = 0; r < repeats; ++r) {
      const auto first =
          static_cast<std::uint64_t>(r) * static_cast<std::uint64_t>(k * vae.latent());
      vae.iwae_errors(image, random.normal<double>(vae.latent(), k, first), w);
      Vector<double> g = Vector<double>::Zero(vae.parameters.size());
      for (const auto& layer : vae.gradients(image, w)) layer.add_to(g);
      of_encoder.add(g.head(encoder_size));
      of_decoder.add(g.tail(g.size() - encoder_size));
    }
    encoder[static_cast<std::size_t>(i)] = of_encoder.power();
    decoder[static_cast<std::size_t>(i)] = of_decoder.power();
  });
  return {ratio_of(encoder), ratio_of(decoder)};
}

// The slope of the straight line through the points (log a, log b), by least squares.
double log_slope(const std::vector<double>& a, const std::vector<double>& b) {
  const Eigen::Map<const Eigen::ArrayXd> x(a.data(), Index(a.size())), y(b.data(), Index(b.size()));
  const Eigen::ArrayXd u = x.log() - x.log().mean(), v = y.log() - y.log().mean();
  return (u * v).sum() / u.square().sum();
}

}  // namespace

void signal_to_noise(const Run& run) {
  const Index dimension = 8, d = 4, images = run.quick() ? 6 : 8;
  const int repeats = run.quick() ? 3000 : 5000;
  const Vae<double> vae = near_the_optimum(run.seed(), dimension, d);
  // From the model itself, before it was shaken.
  const elbo::Random random(run.seed(), elbo::Stream::data, 8);
  Matrix<double> x = random.normal<double>(dimension, images);
  x.topRows(d) += std::sqrt(2.0) * random.normal<double>(d, images, 1 << 20);

  elbo::Table table({"k", "encoder", "decoder"});
  std::vector<double> ks, encoder, decoder;
  for (const Index k : {1, 2, 4, 8, 16, 32}) {
    const Ratio ratio = ratio_at(run, vae, x, k, repeats);
    table.add({static_cast<double>(k), ratio.encoder, ratio.decoder});
    ks.push_back(static_cast<double>(k));
    encoder.push_back(ratio.encoder);
    decoder.push_back(ratio.decoder);
  }
  run.report.csv("signal_to_noise", table);
  run.report.result("encoder_signal_to_noise_1", encoder.front());
  run.report.result("encoder_signal_to_noise_32", encoder.back());
  // Of large k; over 1 to 32 the slopes are within 0.2, which still leaves out 0 and -1.
  run.report.claim("eq:iwae-encoder-signal", "encoder's gradient: signal to noise falls as k^-1/2",
                   -0.5, log_slope(ks, encoder), 0.2);
  run.report.claim("eq:iwae-decoder-signal", "decoder's gradient: signal to noise grows as k^1/2",
                   0.5, log_slope(ks, decoder), 0.2);
}

}  // namespace chapter
