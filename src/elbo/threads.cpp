#include "elbo/threads.hpp"

#include <sched.h>

#include <algorithm>
#include <barrier>
#include <exception>
#include <stdexcept>
#include <string>
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
      : start(workers), done(workers), errors(static_cast<std::size_t>(workers)) {}

  void work(int worker) {
    const FlushDenormals flush;
    try {
      for (int t = worker; t < tasks; t += static_cast<int>(errors.size())) (*task)(t);
    } catch (...) {
      errors[static_cast<std::size_t>(worker)] = std::current_exception();
    }
  }

  std::barrier<> start, done;
  std::vector<std::exception_ptr> errors;
  std::vector<std::thread> threads;
  const std::function<void(int)>* task = nullptr;
  int tasks = 0;
  bool stop = false;
};

Threads::Threads(int count) : count_(count == 0 ? usable_cores() : count) {
  if (count < 0)
    throw std::invalid_argument("Threads: wanted 0 or more, found " + std::to_string(count));
  pool_ = std::make_unique<Pool>(count_);
  for (int worker = 1; worker < count_; ++worker) {
    pool_->threads.emplace_back([pool = pool_.get(), worker] {
      for (;;) {
        pool->start.arrive_and_wait();
        if (pool->stop) return;
        pool->work(worker);
        pool->done.arrive_and_wait();
      }
    });
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
  for (std::exception_ptr& error : pool.errors) {
    if (error && !first) first = error;
    error = nullptr;
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace elbo
