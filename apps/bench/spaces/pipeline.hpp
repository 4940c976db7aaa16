#pragma once

#include "actors/space/space_doors.hpp"
#include "runtime/base/result.hpp"

#include <cstdint>
#include <memory>

namespace weft::bench {

using shared_doors = std::shared_ptr<const actors::space_doors>;

/// Batches that are under way at once, and the calls of each.
inline constexpr std::size_t pipeline_batches = 32;
inline constexpr std::size_t pipeline_batch = 32;

/// Question: how many operations a second does a space do for one process that
/// does not wait for one answer before it asks again?
/// Method: 32 batches of 32 calls are under way at once; each writes 32 tuples
/// and, when all are written, takes them by their keys, and again, until
/// `count` calls are answered, after an eighth that is not timed. Every answer
/// is checked.
/// Unit: operations/s, a write and a take are two.
/// Fails with the first call that fails, `internal` when a tuple is gone,
/// `timed_out`. Blocks; for a thread that runs no actors.
result<double> measure_pipeline(const shared_doors& where, std::uint64_t count);

} // namespace weft::bench
