#pragma once

#include "runtime/base/result.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace weft {

/// How something ended: set once by whoever is first, waited for by another
/// thread. Threads: any.
class end_signal {
public:
  /// Later calls change nothing.
  void set(result<void> how) {
    const std::lock_guard guard{mutex_};
    if (!how_)
      how_ = std::move(how);
    ended_.notify_all();
  }

  result<void> wait() {
    std::unique_lock lock{mutex_};
    ended_.wait(lock, [this] { return how_.has_value(); });
    return *how_;
  }

private:
  std::mutex mutex_;
  std::condition_variable ended_;
  std::optional<result<void>> how_;
};

} // namespace weft
