// What the numbers were measured on.
#include <Eigen/Core>
#include <fstream>
#include <string>

#include "sections.hpp"

namespace bench {
namespace {

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) != 0) continue;
    return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

// The widest vectors that the compiler was allowed.
std::string vectors() {
#if defined(__AVX512F__)
  return "AVX-512";
#elif defined(__AVX2__)
  return "AVX2";
#elif defined(__ARM_FEATURE_SVE)
  return "SVE";
#elif defined(__ARM_NEON)
  return "NEON";
#else
  return "SSE2";
#endif
}

std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

std::string eigen() {
  return std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." +
         std::to_string(EIGEN_MINOR_VERSION);
}

}  // namespace

void machine(const Run& run) {
  run.results.text("/machine/processor", processor());
  run.results.number("/machine/cores", run.threads.count());
  run.results.text("/machine/vectors", vectors());
  run.results.text("/machine/compiler", compiler());
  run.results.text("/machine/flags", ELBO_FLAGS);
  run.results.text("/machine/matrix_products",
                   "the book's own products, Eigen " + eigen() + " for doubles");
}

}  // namespace bench
