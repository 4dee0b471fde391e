#include "elbo/threads.hpp"

#include <sched.h>

#include <algorithm>
#include <barrier>
#include <exception>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace elbo {
namespace {

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// Flush denormals to zero for as long as this object lives.
struct FlushDenormals {
#if defined(__SSE__)
  unsigned saved = _mm_getcsr();
  FlushDenormals() {
    _mm_setcsr(saved | 0x8040U);
  }
  ~FlushDenormals() {
    _mm_setcsr(saved);
  }
#endif
};

}  // namespace

struct Threads::Pool {
  explicit Pool(int workers)
      : start(workers),
        done(workers),
        errors(static_cast<std::size_t>(workers)),
        failed(errors.size()) {}

  void work(int worker) {
    const FlushDenormals flush;
    const auto w = static_cast<std::size_t>(worker);
    int t = worker;
    try {
      for (; t < tasks; t += static_cast<int>(errors.size())) (*task)(t);
    } catch (...) {
      errors[w] = std::current_exception();
      failed[w] = t;
    }
  }

  // A worker's life: wait for a run, do the tasks of it, say so.
  void serve(int worker) {
    for (;;) {
      start.arrive_and_wait();
      if (stop) return;
      work(worker);
      done.arrive_and_wait();
    }
  }

  std::barrier<> start, done;
  std::vector<std::exception_ptr> errors;  // of each worker, and the task that threw
  std::vector<int> failed;
  std::vector<std::thread> threads;
  const std::function<void(int)>* task = nullptr;
  int tasks = 0;
  bool stop = false;
};

Threads::Threads(int count) : count_(count == 0 ? usable_cores() : count) {
  if (count < 0)
    throw std::invalid_argument("Threads: wanted 0 or more, found " + std::to_string(count));
  pool_ = std::make_unique<Pool>(count_);
  try {
    for (int worker = 1; worker < count_; ++worker)
      pool_->threads.emplace_back(&Pool::serve, pool_.get(), worker);
  } catch (const std::system_error&) {
    const auto made = pool_->threads.size();
    for (std::size_t w = made + 1; w < static_cast<std::size_t>(count_); ++w)
      pool_->start.arrive_and_drop();
    pool_->stop = true;
    pool_->start.arrive_and_wait();
    for (std::thread& thread : pool_->threads) thread.join();
    throw std::runtime_error("Threads: wanted " + std::to_string(count_) +
                             ", found that the system gives only " + std::to_string(made + 1) +
                             "; try a smaller --threads");
  }
}

Threads::~Threads() {
  pool_->stop = true;
  pool_->start.arrive_and_wait();
  for (std::thread& thread : pool_->threads) thread.join();
}

void Threads::run(int tasks, const std::function<void(int)>& task) {
  Pool& pool = *pool_;
  pool.task = &task;
  pool.tasks = tasks;
  pool.start.arrive_and_wait();
  pool.work(0);
  pool.done.arrive_and_wait();
  std::exception_ptr first;
  int lowest = tasks;
  for (std::size_t w = 0; w < pool.errors.size(); ++w) {
    if (pool.errors[w] && pool.failed[w] < lowest) {
      first = pool.errors[w];
      lowest = pool.failed[w];
    }
    pool.errors[w] = nullptr;
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace elbo
