#pragma once

#include <caf/resumable.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <mutex>

namespace weft {

/// Actors that are ready to run, first in, first out. Each is in one queue
/// once, so a queue is no longer than there are actors. Thread-safe.
class run_queue {
public:
  void push(caf::resumable* job) {
    std::lock_guard guard{mutex_};
    jobs_.push_back(job);
    size_.store(jobs_.size(), std::memory_order_relaxed);
  }

  /// Null when it is empty.
  caf::resumable* pop() {
    if (empty())
      return nullptr;
    std::lock_guard guard{mutex_};
    return pop_front();
  }

  /// Moves the older half to `to`, and returns the oldest; null when there was
  /// none. Cost: O(half).
  caf::resumable* move_half(run_queue& to) {
    if (empty())
      return nullptr;
    std::scoped_lock guard{mutex_, to.mutex_};
    auto* first = pop_front();
    for (auto count = jobs_.size() / 2; count > 0; --count)
      to.jobs_.push_back(pop_front());
    to.size_.store(to.jobs_.size(), std::memory_order_relaxed);
    return first;
  }

  /// As seen a moment ago; exact after a fence that pairs with the pusher's.
  bool empty() const { return size_.load(std::memory_order_relaxed) == 0; }

private:
  caf::resumable* pop_front() {
    if (jobs_.empty())
      return nullptr;
    auto* job = jobs_.front();
    jobs_.pop_front();
    size_.store(jobs_.size(), std::memory_order_relaxed);
    return job;
  }

  std::mutex mutex_;
  std::deque<caf::resumable*> jobs_;
  std::atomic<std::size_t> size_ = 0;
};

} // namespace weft
