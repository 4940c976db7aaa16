#pragma once

#include "runtime/base/result.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
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

  /// Fails with `timed_out` when it is not set within `timeout`, and with
  /// `cancelled` when `stop` is requested before.
  result<void> wait(std::chrono::nanoseconds timeout,
                    const std::stop_token& stop) {
    std::unique_lock lock{mutex_};
    if (ended_.wait_for(lock, stop, timeout,
                        [this] { return how_.has_value(); }))
      return *how_;
    return stop.stop_requested() ? fail(errc::cancelled, "told to stop")
                                 : fail(errc::timed_out, "not in time");
  }

private:
  std::mutex mutex_;
  std::condition_variable_any ended_;
  std::optional<result<void>> how_;
};

} // namespace weft
