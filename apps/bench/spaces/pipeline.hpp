#pragma once

#include "actors/space/space.hpp"
#include "runtime/base/result.hpp"

#include <cstdint>

namespace weft::bench {

/// Batches that are under way at once, and the calls of each.
inline constexpr std::size_t pipeline_batches = 32;
inline constexpr std::size_t pipeline_batch = 32;

/// Question: how many operations a second does a space do for one actor that
/// does not wait for one answer before it asks again?
/// Method: 32 coroutines of an actor each write a batch of 32 tuples and, when
/// all are written, take them by their keys, and again, until `count` calls are
/// answered, after an eighth that is not timed. Every answer is checked.
/// Unit: operations/s, a write and a take are two.
/// Fails with the first call that fails, `internal` when a tuple is gone,
/// `timed_out`. Blocks; for a thread that runs no actors.
result<double> measure_pipeline(caf::actor_system& system, const space& where,
                                std::uint64_t count);

} // namespace weft::bench
