#pragma once

#include <caf/resumable.hpp>

#include <algorithm>
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
    if (jobs_.empty())
      return nullptr;
    auto* job = jobs_.front();
    jobs_.pop_front();
    size_.store(jobs_.size(), std::memory_order_relaxed);
    return job;
  }

  /// Moves the oldest, at most `count` of them, to the end of `to`. Cost:
  /// O(count).
  void move_to(run_queue& to, std::size_t count) {
    if (empty())
      return;
    std::scoped_lock guard{mutex_, to.mutex_};
    count = std::min(count, jobs_.size());
    const auto end = jobs_.begin() + static_cast<std::ptrdiff_t>(count);
    to.jobs_.insert(to.jobs_.end(), jobs_.begin(), end);
    jobs_.erase(jobs_.begin(), end);
    // In this order: whoever finds this one empty sees them there.
    to.size_.store(to.jobs_.size());
    size_.store(jobs_.size());
  }

  /// As seen a moment ago; exact after a fence that pairs with the pusher's.
  std::size_t size() const { return size_.load(std::memory_order_relaxed); }
  bool empty() const { return size() == 0; }

private:
  std::mutex mutex_;
  std::deque<caf::resumable*> jobs_;
  std::atomic<std::size_t> size_ = 0;
};

} // namespace weft
