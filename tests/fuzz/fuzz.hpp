// What the fuzzers share. A fuzzer is a program that libFuzzer calls with one invented input after
// another, keeping those that reach code no other input reached. The reader under test may take an
// input or refuse it with the exception it promises; everything else is a finding: another
// exception, a crash, a sanitizer's complaint, a hang, or a claim of must() that fails.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace elbo {

inline void must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "must: %s\n", what);
  std::abort();
}

/// What is said to a reader is one line, in characters that a terminal shows.
inline void must_be_one_line(const std::string& said) {
  must(!said.empty(), "a message that says something");
  for (const char c : said) {
    must(static_cast<unsigned char>(c) >= ' ' && c != 0x7f, "a message without control characters");
  }
}

}  // namespace elbo
