#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace weft {

/// Which of the worker threads of a pool look for work and which sleep. Whoever
/// queues work calls `work_came`; that costs a fence and a look at one word
/// unless a worker must be woken. One worker that looks for work is enough: it
/// wakes the next when it finds some.
///
/// No work is overlooked: a worker goes to sleep only after it has looked once
/// more behind the fence that pairs with the one of `work_came`. As Go's
/// scheduler (Vyukov 2012, "Scalable Go scheduler design") and Tokio's do.
///
/// Thread-safe; a worker's number is used by one thread at a time.
class idle_workers {
public:
  /// All of the `count` workers are busy at first.
  explicit idle_workers(std::size_t count)
      : count_{count}, workers_{std::make_unique<one[]>(count)} {
    asleep_.reserve(count);
  }

  /// To be called after work was made visible.
  void work_came() {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (looking_.load(std::memory_order_relaxed) > 0
        || sleeping_.load(std::memory_order_relaxed) == 0)
      return;
    wake_one();
  }

  /// A busy worker has found its own queue empty. False: as many look already
  /// as are useful.
  bool begin_to_look() {
    auto looking = looking_.load(std::memory_order_relaxed);
    while (looking == 0)
      if (looking_.compare_exchange_weak(looking, 1))
        return true;
    return false;
  }

  /// Nobody but the caller is awake, so nobody makes work for it here.
  bool others_sleep() const {
    return sleeping_.load(std::memory_order_relaxed) + 1 >= count_;
  }

  /// A worker that looks has found work and stops looking. `anything` tells
  /// whether there is more, for which another is woken.
  template <class Anything>
  void found_work(Anything anything) {
    if (looking_.fetch_sub(1) > 1)
      return;
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (anything())
      work_came();
  }

  /// Puts worker `which` to sleep until it is woken; it looks for work
  /// afterwards. `anything` tells whether there is any work; then it does not
  /// sleep, and looks. `looked`: whether it was looking until now.
  template <class Anything>
  void sleep(std::size_t which, bool looked, Anything anything) {
    {
      std::lock_guard guard{mutex_};
      asleep_.push_back(which);
      workers_[which].woken.store(0, std::memory_order_relaxed);
      sleeping_.store(asleep_.size(), std::memory_order_relaxed);
    }
    if (looked)
      looking_.fetch_sub(1);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (anything())
      wake_one();
    while (workers_[which].woken.load(std::memory_order_acquire) == 0)
      workers_[which].woken.wait(0, std::memory_order_acquire);
  }

  /// Wakes all that sleep.
  void wake_all() {
    while (sleeping_.load() > 0)
      wake_one();
  }

private:
  struct alignas(64) one {
    std::atomic<int> woken = 0;
  };

  /// The one that went to sleep last, whose caches are warm; it counts as
  /// looking before it runs, so that nobody wakes another meanwhile.
  void wake_one() {
    std::size_t which;
    {
      std::lock_guard guard{mutex_};
      if (asleep_.empty())
        return;
      which = asleep_.back();
      asleep_.pop_back();
      sleeping_.store(asleep_.size(), std::memory_order_relaxed);
      looking_.fetch_add(1);
    }
    // Sequentially consistent: the notification looks for waiters after it.
    workers_[which].woken.store(1);
    workers_[which].woken.notify_one();
  }

  const std::size_t count_;
  std::atomic<std::uint32_t> looking_ = 0;
  std::atomic<std::size_t> sleeping_ = 0;
  std::mutex mutex_;
  std::vector<std::size_t> asleep_;
  std::unique_ptr<one[]> workers_;
};

} // namespace weft
