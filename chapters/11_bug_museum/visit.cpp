// One exhibit: trained with its bug, then asked what it says, then measured by the library.
#include <algorithm>
#include <cmath>

#include "elbo/estimators.hpp"
#include "elbo/statistics.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

using elbo::Random;
using elbo::Stream;

constexpr Index batch = 40;
constexpr double lost = 1e5;  // nats: where a bound that runs away is as good as not a number

Matrix noise_of(const Program& program, const Random& random, Index n, std::uint64_t first) {
  const Parts& part = program.exhibit().parts;
  return part.noise(random, program.model().latent, n * part.draws, first);
}

// [museum-train]
// Mini-batches in a fresh order each epoch. Every exhibit sees the same pictures and the same bits.
// Returns the steps it took; fewer than all of them where the logged bound ran away.
int train(Program& program, const elbo::Images& images, int epochs, const Run& run) {
  Matrix x;
  int steps = 0;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    const auto substream = static_cast<std::uint64_t>(epoch);
    const std::vector<std::uint32_t> order =
        Random(run.seed, Stream::shuffle, substream)
            .permutation(static_cast<std::uint32_t>(images.count));
    for (Index first = 0; first + batch <= images.count; first += batch) {
      images.gather({order.data() + first, static_cast<std::size_t>(batch)}, x);
      const Random random(run.seed, Stream::noise, substream << 24 | std::uint64_t(first));
      const double logged = program.step(x, noise_of(program, random, batch, 0)).mean();
      ++steps;
      if (!(std::abs(logged) < lost)) return steps;
    }
  }
  return steps;
}
// [museum-train]

// What the program itself says of the test set.
double ask(Program& program, const elbo::Images& test, const Run& run) {
  const Random random(run.seed, Stream::evaluation);
  const Matrix x = test.block<double>(0, test.count);
  return program.forward_and_back(x, noise_of(program, random, test.count, 0)).mean();
}

// The bound of every image by the library, each averaged over some draws, and what those leave
// open.
void measure_elbo(const elbo::Vae<double>& vae, const elbo::Images& test, const Run& run,
                  Verdict& verdict) {
  constexpr int draws = 8;
  const Matrix x = test.block<double>(0, test.count);
  Matrix bound(draws, test.count);
  for (int draw = 0; draw < draws; ++draw) {
    const Random random(run.seed, Stream::evaluation, 1 + static_cast<std::uint64_t>(draw));
    bound.row(draw) = vae.elbo(x, random.normal<double>(vae.latent(), test.count)).elbo();
  }
  const Row mean = bound.colwise().mean();
  verdict.elbo.assign(mean.begin(), mean.end());
  const double squares = (bound.rowwise() - mean).squaredNorm() / (draws - 1) / draws;
  verdict.monte_carlo_error = std::sqrt(squares) / static_cast<double>(test.count);
}

}  // namespace

Verdict visit(const Exhibit& exhibit, const Run& run) {
  // [visit]
  const Pictures& own = exhibit.grey ? run.grey : run.binary;
  Program program(exhibit, run.model, run.seed);
  Verdict verdict;
  verdict.exhibit = &exhibit;
  verdict.steps = train(program, own.train, run.epochs, run);
  verdict.logged = ask(program, own.test, run);
  Program right(chapter::exhibit(exhibit.like), run.model, run.seed);
  right.parameters = program.parameters;
  verdict.corrected = ask(right, own.test, run);

  // The truth about the program as it is: its encoder and its decoder, read right.
  const Pictures& pictures = exhibit.truth_is_grey ? run.grey : run.binary;
  const elbo::Vae<double> vae = program.read_right();
  measure_elbo(vae, pictures.test, run, verdict);

  // log p(x) is the decoder's alone, and the encoder must not be blamed on it: a right program fits
  // a fresh one to the decoder that the bug has left, and draws the importance samples.
  const bool normal = exhibit.truth != elbo::Likelihood::bernoulli;
  Program repair(chapter::exhibit(normal ? "correct-gaussian" : "correct"), run.model, run.seed);
  repair.keep_decoder(program.parameters);
  train(repair, pictures.train, (2 * run.epochs + 2) / 3, run);
  elbo::Threads alone(1);
  const auto test = elbo::DataSource<double>::from(pictures.test);
  verdict.evidence =
      log_evidence(repair.read_right(), test, test.count, run.importance_samples, run.seed, alone)
          .per_sample;
  // [visit]

  verdict.outputs =
      vae.decode(vae.encode(own.test.block<double>(0, std::min<Index>(20, own.test.count))).mean);
  const Random prior(run.seed, Stream::prior);
  const Matrix codes = prior.normal<double>(run.model.latent, samples_shown);
  verdict.samples = vae.decode_mean(codes).cast<float>();
  return verdict;
}

}  // namespace chapter
