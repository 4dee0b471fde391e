// The ceiling: how many multiply-adds a second this machine does when nothing but registers is
// touched. No matrix product can be faster.
#include <algorithm>

#include "sections.hpp"
#include "timing.hpp"

namespace bench {
namespace {

#if defined(__AVX512F__)
constexpr int width = 64;  // bytes of a vector register
#elif defined(__AVX__)
constexpr int width = 32;
#else
constexpr int width = 16;
#endif
using Lanes = float __attribute__((vector_size(width)));

// A core starts two FMAs a cycle and each takes four or five, so fewer than ten chains would leave
// it waiting; with the two constants, 12 still fit into 16 registers.
constexpr int chains = 12;
constexpr double flops = 2.0 * chains * width / sizeof(float);  // of a round

// Every chain has a start of its own, read at run time. Equal chains the compiler would see through
// and compute once, and the machine would seem faster than it is.
void spin(long rounds) {
  volatile float start = 1;
  volatile float sink = 0;
  Lanes a[chains];
  for (int c = 0; c < chains; ++c) a[c] = Lanes{} + start * static_cast<float>(c);
  const Lanes scale = Lanes{} + 0.999F, shift = Lanes{} + 0.001F;  // a moves towards 1
  for (long r = 0; r < rounds; ++r) {
    for (int c = 0; c < chains; ++c) a[c] = a[c] * scale + shift;
  }
  Lanes sum{};
  for (const Lanes& chain : a) sum += chain;
  sink = sum[0];
  static_cast<void>(sink);
}

}  // namespace

void FmaPeak::measure(elbo::Threads& threads, int bursts) {
  // Long against the waking of a thread, short against what else the machine may be doing.
  constexpr double burst = 0.02;
  constexpr long trial = 1000000;
  spin(trial);
  const double took = std::max(1e-6, seconds([] { spin(trial); }));
  const long rounds = std::max(1L, static_cast<long>(trial * burst / took));
  const double work = flops * static_cast<double>(rounds) / 1e9;
  for (int i = 0; i < bursts; ++i) {
    one_core_.push_back(work / seconds([&] { spin(rounds); }));
    const double all = seconds([&] { threads.run(threads.count(), [&](int) { spin(rounds); }); });
    all_cores_.push_back(work * threads.count() / all);
  }
}

double FmaPeak::all_cores() const {
  return most(all_cores_);
}

void FmaPeak::report(Results& results) const {
  results.number("/fma_peak/one_core", most(one_core_));
  results.number("/fma_peak/one_core_median", median(one_core_));
  results.number("/fma_peak/all_cores", all_cores());
  results.number("/fma_peak/all_cores_median", median(all_cores_));
}

}  // namespace bench
