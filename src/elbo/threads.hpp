// A handful of workers that do numbered tasks.
#pragma once

#include <functional>
#include <memory>

namespace elbo {

/// `count` workers, the caller among them. Whoever is free takes the next task, so what task t
/// computes must depend on t alone; then the result is the same for any count.
class Threads {
 public:
  /// 0 means one per core that this process may use.
  explicit Threads(int count = 0);
  ~Threads();

  /// How many work, the caller among them.
  int count() const { return count_; }

  /// task(0) to task(tasks - 1), taken in this order, back when all are done. If tasks throw, no
  /// more are begun, and what the one of the lowest number threw is rethrown.
  /// While a task runs, numbers below 1e-38 (denormals) count as zero: they would slow training
  /// fourfold and mean nothing to it.
  void run(int tasks, const std::function<void(int)>& task);

 private:
  void end();

  struct Pool;
  int count_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace elbo
