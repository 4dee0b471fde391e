// The workers: every task once, exceptions told, denormals flushed and given back.
#include "elbo/threads.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include "check.hpp"

using namespace elbo;

namespace {

// What a run throws, as text; empty when it does not.
template <class Task>
std::string failure(Threads& threads, int tasks, const Task& task) {
  try {
    threads.run(tasks, task);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("every task runs once", "[threads]") {
  for (const int count : {1, 2, 3, 5}) {
    Threads threads(count);
    CHECK(threads.count() == count);
    for (const int tasks : {0, 1, 2, 7, 100}) {
      std::vector<int> runs(100, 0);
      threads.run(tasks, [&](int t) { ++runs[static_cast<std::size_t>(t)]; });
      for (int t = 0; t < 100; ++t) {
        CHECK(runs[static_cast<std::size_t>(t)] == (t < tasks ? 1 : 0));
      }
    }
  }
  CHECK(Threads().count() >= 1);
  CHECK(contains(refusal([] { Threads(-1); }), "-1"));
}

TEST_CASE("short runs one after another: none is lost, none is done for another's", "[threads]") {
  for (const int count : {2, 4, 8}) {  // more than most machines have cores: some come late
    Threads threads(count);
    std::vector<int> runs(3, 0);
    for (int run = 0; run < 5000; ++run) {
      const int tasks = 1 + run % 3;
      threads.run(tasks, [&, run](int t) { runs[static_cast<std::size_t>(t)] += run; });
    }
    // The sum of all runs, of those with two tasks or more, of those with three.
    int sums[3] = {};
    for (int run = 0; run < 5000; ++run) {
      for (int t = 0; t <= run % 3; ++t) sums[t] += run;
    }
    for (int t = 0; t < 3; ++t) CHECK(runs[static_cast<std::size_t>(t)] == sums[t]);
  }
  Threads one(1);
  CHECK(contains(refusal([&] { one.run(1 << 20, [](int) {}); }), "1048576"));
}

TEST_CASE("a task's exception comes back, once", "[threads]") {
  for (const int count : {1, 2, 4}) {
    Threads threads(count);
    const auto fail_at = [](int bad) {
      return [bad](int t) {
        if (t == bad) throw std::runtime_error("task " + std::to_string(t));
      };
    };
    for (const int bad : {0, 1, 5}) {
      CHECK(failure(threads, 8, fail_at(bad)) == "task " + std::to_string(bad));
      CHECK(failure(threads, 8, [](int) {}).empty());
    }
  }
}

TEST_CASE("when several tasks fail at once, none is left over for the next run", "[threads]") {
  Threads threads(3);
  const auto all_fail = [](int t) { throw std::runtime_error("task " + std::to_string(t)); };
  CHECK(failure(threads, 3, all_fail) == "task 0");
  CHECK(failure(threads, 3, [](int) {}).empty());
  CHECK(failure(threads, 3, [](int) {}).empty());
}

TEST_CASE("denormals are zero inside a task and nowhere else", "[threads]") {
#if defined(__SSE__)
  const auto denormal = [] {
    volatile float small = 1e-30F;
    return small * 1e-10F;
  };
  Threads threads(2);
  std::vector<float> inside(2, 1.0F);
  threads.run(2, [&](int t) { inside[static_cast<std::size_t>(t)] = denormal(); });
  CHECK((inside[0] == 0.0F && inside[1] == 0.0F));
  CHECK(denormal() > 0.0F);
#endif
}

TEST_CASE("of several failing tasks the lowest is reported, on any number of threads",
          "[threads]") {
  for (int count = 1; count <= 4; ++count) {
    Threads threads(count);
    const auto fail_from_5 = [](int task) {
      if (task >= 5) throw std::runtime_error("task " + std::to_string(task));
    };
    CHECK_THROWS_WITH(threads.run(12, fail_from_5), "task 5");
  }
}
