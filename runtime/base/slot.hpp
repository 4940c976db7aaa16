#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace weft {

/// Where the present handle of a restartable actor lies for whoever needs it,
/// from any thread. Empty until it is first set.
template <class Handle>
class slot {
public:
  /// Replaces the handle and runs the callbacks that wait for one, in this
  /// thread.
  void set(Handle fresh) {
    std::vector<std::function<void()>> waiting;
    {
      std::lock_guard guard{mutex_};
      handle_ = std::move(fresh);
      if (handle_)
        waiting.swap(waiting_);
    }
    for (auto& run : waiting)
      run();
  }

  Handle get() const {
    std::lock_guard guard{mutex_};
    return handle_;
  }

  /// Runs `then` once there is a handle: now, or in the thread that sets it.
  void when_set(std::function<void()> then) {
    {
      std::lock_guard guard{mutex_};
      if (!handle_) {
        waiting_.push_back(std::move(then));
        return;
      }
    }
    then();
  }

private:
  mutable std::mutex mutex_;
  Handle handle_;
  std::vector<std::function<void()>> waiting_;
};

} // namespace weft
