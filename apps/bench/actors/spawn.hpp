#pragma once

#include "runtime/base/result.hpp"

#include <cstdint>

namespace weft::bench {

struct spawn_cost {
  double actors_per_second = 0;
  /// Growth of the process's resident memory, divided by the actors.
  double bytes_per_actor = 0;
};

/// Question: how fast do actors start, and how much memory do they take?
/// Method: an actor spawns `count` others and keeps their handles; the time
/// is that of the spawning. Once all are idle, resident memory is compared
/// with that before. Then each must answer a request.
/// Units: actors/s; bytes.
/// Fails with `internal` when not all answer, with `timed_out`. Blocks; for a
/// thread that runs no actors, in a fresh process, whose memory has not grown
/// by anything else before.
result<spawn_cost> measure_spawn(std::uint64_t count);

} // namespace weft::bench
