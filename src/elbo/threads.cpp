#include "elbo/threads.hpp"

#if defined(__linux__)
#include <sched.h>
#endif

#include <algorithm>
#include <atomic>
#include <cstdint>
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
#if defined(__linux__)
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0) return std::max(1, CPU_COUNT(&set));
#endif
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

// What is left to do, in one word, so that a worker takes a task of it whole or not at all: the
// run's number, how many tasks it has, and the next of them.
struct Ticket {
  static constexpr int bits = 20, most = (1 << bits) - 1;
  std::uint64_t word = 0;

  Ticket next_run(int tasks) const {
    return {((word >> 2 * bits) + 1) << 2 * bits | static_cast<std::uint64_t>(tasks) << bits};
  }
  int tasks() const { return static_cast<int>(word >> bits) & most; }
  int next() const { return static_cast<int>(word) & most; }
};

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

  // Takes tasks until there are none. A worker that comes late finds none and holds nobody up.
  void work() {
    [[maybe_unused]] const FlushDenormals flush;
    Ticket ticket{left.load()};
    while (ticket.next() < ticket.tasks()) {
      if (!left.compare_exchange_weak(ticket.word, ticket.word + 1)) continue;
      if (const int t = ticket.next(); t < failed.load()) attempt(t);
      if (++done == ticket.tasks()) done.notify_one();
      ticket.word = left.load();
    }
  }

  void attempt(int t) {
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

  // A worker's life: wait for a run, do tasks of it.
  void serve() {
    for (int seen = 0;;) {
      wait_until(runs, [&](int now) { return now != seen; });
      seen = runs.load();  // before the work: a run that begins meanwhile is seen next
      if (stop) return;
      work();
    }
  }

  void start() {
    ++runs;
    runs.notify_all();
  }

  const int looks;
  std::atomic<std::uint64_t> left = 0;  // a Ticket
  std::atomic<int> runs = 0, done = 0;  // runs begun; tasks of this one that are finished
  std::atomic<int> failed = 0;          // the lowest task that threw, and what
  std::exception_ptr error;
  std::mutex mutex;
  std::vector<std::thread> threads;
  const std::function<void(int)>* task = nullptr;
  std::atomic<bool> stop = false;
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
  if (tasks < 0 || tasks > Ticket::most) {
    throw std::invalid_argument("Threads::run: wanted 0 to " + std::to_string(Ticket::most) +
                                " tasks, found " + std::to_string(tasks));
  }
  Pool& pool = *pool_;
  pool.task = &task;
  pool.failed = tasks;
  pool.error = nullptr;
  pool.done = 0;
  pool.left = Ticket{pool.left}.next_run(tasks).word;
  pool.start();
  pool.work();
  pool.wait_until(pool.done, [&](int now) { return now == tasks; });
  if (pool.error) std::rethrow_exception(std::exchange(pool.error, nullptr));
}

}  // namespace elbo
