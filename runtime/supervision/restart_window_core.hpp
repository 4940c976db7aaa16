#pragma once

#include "runtime/supervision/policy.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <string>

namespace weft::supervision {

/// A child's place in the order of its supervisor's children: grows with each
/// child that is added, stays through restarts, is never given again.
using child_key = std::uint64_t;

/// The restarts of the last `period`, against the intensity. A restart that
/// is exactly `period` old still counts. Holds `intensity` + 1 entries at
/// most.
///
/// OTP counts in whole seconds of its clock, so that with it a restart may
/// leave the window up to one second late; here times are exact.
class restart_window {
public:
  restart_window(std::uint32_t intensity, duration period)
      : intensity_{intensity}, period_{period} {}

  /// Counts a restart of `child`; false: it is one too many.
  bool add(child_key child, time_point now);

  /// Restarts in the window at the last `add`.
  std::size_t count() const { return entries_.size(); }

  /// Those of them that were of `child`. Cost: O(count).
  std::size_t count_of(child_key child) const;

private:
  struct entry {
    child_key child;
    time_point when;
  };

  std::uint32_t intensity_;
  duration period_;
  std::deque<entry> entries_;
};

/// The delay before restart number `attempt` (from 0) in a row. Takes one
/// number from `generator` when there is a delay to shorten.
duration backoff_delay(const backoff_policy& policy, std::uint32_t attempt,
                       std::mt19937_64& generator);

} // namespace weft::supervision
