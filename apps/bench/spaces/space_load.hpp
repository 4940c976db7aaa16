#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace weft::bench {

/// One way to use the core of a space, without actors. Each operation makes
/// its tuple or its pattern, as a user would.
///
/// Tuples are ("job", i, 0.5, "payload"): string, i64, f64, string.
struct space_workload {
  std::string_view name;
  std::string_view question;
};

/// Question: how many writes and takes does one space do in a second of
/// processor time?
///
/// `keyed`   of `tuples` tuples, in random order, one is taken by its first
///           two fields and written again
/// `leased`  the same, each tuple with a lease of an hour
/// `fifo`    the oldest is taken by its first field, a new one is written
/// `range`   one is taken by a range of its second field that matches some
/// `shapes`  like keyed, by (0,1), (0,1,2), (1), (1,3) in turn: four shapes
/// `handoff` `waiters` takes wait, each for another key; a tuple is written
///           for one of them, which then waits again
std::span<const space_workload> space_workloads();

/// What one run found.
struct space_figures {
  /// Writes and takes, each counted as one, per second.
  double operations_per_second = 0;
  /// Mean time of one, ns.
  double nanoseconds = 0;
  /// Tuples that were looked at, for each take.
  double probes = 0;
  /// Of all taken tuples; the same for the same arguments.
  std::uint64_t checksum = 0;
};

struct space_load {
  std::uint64_t tuples = 1000;
  /// Takes that wait for other keys meanwhile.
  std::uint64_t waiters = 0;
  /// Writes and takes that are timed, together.
  std::uint64_t operations = 1'000'000;
  std::uint64_t seed = 1;
};

/// Fills a space, warms up with an eighth of the operations, and times the
/// rest. The name must be one of `space_workloads`.
space_figures measure_space(std::string_view workload, const space_load& load);

} // namespace weft::bench
