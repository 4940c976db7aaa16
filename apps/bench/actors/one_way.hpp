#pragma once

#include "runtime/base/result.hpp"

#include <cstdint>

namespace weft::bench {

/// Question: how fast does one actor send to another in its node?
/// Method: a sender with a checked interface sends `count` numbers to a
/// receiver without waiting; the time is taken from the order to start until
/// the receiver has the last.
/// Unit: messages/s. The receiver counts and adds the numbers up: `internal`
/// when that does not come out right, `timed_out` when they do not all arrive.
/// Blocks; for a thread that runs no actors. Memory: the mailbox holds at most
/// `count` messages of 112 bytes.
result<double> measure_one_way(std::uint64_t count);

} // namespace weft::bench
