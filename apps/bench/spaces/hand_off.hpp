#pragma once

#include "actors/space/space.hpp"
#include "runtime/base/result.hpp"

#include <cstdint>
#include <functional>

namespace weft::bench {

/// Gives a number to whoever waits for it, or waits for one. The lists are
/// "ping" and "pong".
struct hand_off_port {
  std::function<result<void>(const char* list, std::int64_t number)> give;
  std::function<result<std::int64_t>(const char* list)> wait;
};

/// Question: how long from a write until the one who waits has it?
/// Method: two threads hand a number to each other, `count` times there and
/// back, after an eighth that is not timed; each waits for the other. Every
/// number is checked.
/// Unit: us one way.
/// Fails with what a port fails with, and with `internal` when a number is
/// wrong. Blocks.
result<double> measure_hand_offs(const hand_off_port& asking,
                                 const hand_off_port& answering,
                                 std::uint64_t count);

/// By tuples ("ping", number) of a space, with blocked takes.
hand_off_port port_of(const space& where);

} // namespace weft::bench
