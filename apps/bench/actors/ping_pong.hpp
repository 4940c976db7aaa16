#pragma once

#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"

#include <cstdint>

namespace weft::bench {

/// Answers what it is asked.
using echo_actor = typed_actor<std::uint64_t(std::uint64_t)>;

echo_actor::behavior_type echo(echo_actor::pointer);

/// The mean time of `count` requests to `to`, one after the other, in
/// microseconds, after a thousand (at most `count`) that are not timed. Fails
/// with the first request's error, with `internal` when an answer is wrong and
/// with `timed_out`. Blocks; for a thread that runs no actors.
result<double> time_round_trips(caf::actor_system& system, const echo_actor& to,
                                std::uint64_t count);

/// Question: how long does a request to an actor of the same node take?
/// Method: `time_round_trips`, request/then with a finite time-out, as all
/// requests of weft have.
/// Unit: us a round trip.
result<double> measure_ping_pong(std::uint64_t count);

} // namespace weft::bench
