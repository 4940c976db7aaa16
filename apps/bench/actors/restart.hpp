#pragma once

#include "runtime/base/result.hpp"

#include <cstdint>

namespace weft::bench {

struct restart_times {
  double median_us = 0;
  double p99_us = 0;
};

/// Question: how long is a supervised worker away when it crashes?
/// Method: one worker below a supervisor with one_for_one, no back-off and an
/// intensity that is never reached. It is told to throw, `count` times one
/// after the other; each time from the message until its successor, by its
/// first act, has announced itself. Every 50 crashes have a supervisor of
/// their own, so that few restarts lie within its period.
/// Unit: us from crash to ready.
/// Fails with `internal` when the supervisors have not counted `count`
/// restarts, with `timed_out`. Blocks; for a thread that runs no actors.
result<restart_times> measure_restart(std::uint64_t count);

} // namespace weft::bench
