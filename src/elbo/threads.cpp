#include "elbo/threads.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
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

void pause() {
#if defined(__SSE__)
  _mm_pause();
#endif
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
  // A worker looks for work this often before it sleeps: waking it costs more than a short wait.
  // Where there are more workers than cores, looking would keep others from working.
  explicit Pool(int workers) : looks(workers <= usable_cores() ? 20000 : 0) {}

  template <class Ready>
  void wait_until(std::atomic<int>& value, const Ready& ready) const {
    for (int i = 0; i < looks; ++i) {
      if (ready(value.load(std::memory_order_acquire))) return;
      pause();
    }
    for (int now = value.load(); !ready(now); now = value.load()) value.wait(now);
  }

  void work() {
    const FlushDenormals flush;
    for (int t = next++; t < tasks && failed.load() > t; t = next++) {
      try {
        (*task)(t);
      } catch (...) {
        const std::lock_guard hold(mutex);
        if (t < failed) {
          failed = t;
          error = std::current_exception();
        }
      }
    }
  }

  // A worker's life: wait for a run, do tasks of it, say so.
  void serve() {
    for (int seen = 0;; ++seen) {
      wait_until(runs, [&](int now) { return now != seen; });
      if (stop) return;
      work();
      if (--working == 0) working.notify_one();
    }
  }

  void start() {
    ++runs;
    runs.notify_all();
  }

  const int looks;
  std::atomic<int> runs = 0, working = 0, next = 0;
  std::atomic<int> failed = 0;  // the lowest task that threw, and what
  std::exception_ptr error;
  std::mutex mutex;
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
      pool_->threads.emplace_back(&Pool::serve, pool_.get());
  } catch (const std::system_error&) {
    const auto made = pool_->threads.size();
    end();
    throw std::runtime_error("Threads: wanted " + std::to_string(count_) +
                             ", found that the system gives only " + std::to_string(made + 1) +
                             "; try a smaller --threads");
  }
}

Threads::~Threads() {
  end();
}

void Threads::end() {
  pool_->stop = true;
  pool_->start();
  for (std::thread& thread : pool_->threads) thread.join();
}

void Threads::run(int tasks, const std::function<void(int)>& task) {
  Pool& pool = *pool_;
  pool.task = &task;
  pool.tasks = tasks;
  pool.next = 0;
  pool.failed = tasks;
  pool.error = nullptr;
  pool.working = static_cast<int>(pool.threads.size());
  pool.start();
  pool.work();
  pool.wait_until(pool.working, [](int now) { return now == 0; });
  if (pool.error) std::rethrow_exception(std::exchange(pool.error, nullptr));
}

}  // namespace elbo
